import { posix } from 'node:path';
import { parseRemote } from '../kustomize/remote.js';
import { appOfReference } from '../overlays/app-of-reference.js';
import type { Closure } from './closure.js';
import type { Origin } from './resource.js';

/**
 * Tells the app that an object of a group's overlay belongs to, from the file it comes from: what the overlay takes in by
 * one reference, or the app's folder in the overlay. What several apps share (a namespace, a component) is nobody's.
 *
 * @returns from an origin to the app's name; empty where it is no single app's
 */
export function appFinder(closure: Closure): (origin: Origin) => string {
  const entries = closure.links.filter(isOwnResource(closure)).flatMap(({ path, target }) => {
    const app = appOfReference(path);
    return app === undefined ? [] : [{ app, reached: reachedFrom(closure, target) }];
  });
  const remotes = closure.remotes.filter(isOwnResource(closure)).flatMap(({ path }) => {
    const [app, remote] = [appOfReference(path), parseRemote(path)];
    return app === undefined || remote === undefined ? [] : [{ app, remote }];
  });
  return ({ repository, path }) => {
    const apps = new Set(
      repository === undefined
        ? entries.filter(({ reached }) => reached.has(path)).map(({ app }) => app)
        : remotes
            .filter(({ remote }) => repository.includes(remote.repository) && isBelow(remote.path, path))
            .map(({ app }) => app),
    );
    const [app] = apps;
    if (app !== undefined) {
      return apps.size === 1 ? app : '';
    }
    const [own, file] = isBelow(closure.folder, path) ? path.slice(closure.folder.length + 1).split('/') : [];
    return repository === undefined && own !== undefined && file !== undefined ? own : '';
  };
}

/** Whether the overlay itself takes it in as a resource. */
function isOwnResource({ folder }: Closure) {
  return ({ file, key }: { file: string; key: string }) =>
    posix.dirname(file) === folder && (key === 'resources' || key === 'bases');
}

/** All files that a reference leads to, with those that they lead to. */
function reachedFrom({ links, kustomizations }: Closure, target: string): Set<string> {
  const reached = new Set<string>();
  const open = [target];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    reached.add(at);
    const own = kustomizations.find((path) => posix.dirname(path) === at);
    if (own !== undefined && !reached.has(own)) {
      reached.add(own);
      open.push(...links.filter(({ file }) => file === own).map((link) => link.target));
    }
  }
  return reached;
}

function isBelow(folder: string, path: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}
