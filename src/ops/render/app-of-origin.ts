import { posix } from 'node:path';
import { parseRemote } from '../kustomize/remote.js';
import { appOfReference } from '../overlays/app-of-reference.js';
import type { Closure } from './closure.js';
import type { Origin } from './resource.js';

/**
 * Finds the app that an object in the overlay of a group belongs to, by the file that the object comes from: the file
 * is reached by one reference of the overlay, or is in the folder of an app there. What several apps share (a
 * namespace, a component) belongs to none.
 *
 * @returns a function from an origin to the name of its app; empty where it does not belong to a single app
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

/** A filter for the references in `resources` of the overlay's own kustomization. */
function isOwnResource({ folder }: Closure) {
  return ({ file, key }: { file: string; key: string }) =>
    posix.dirname(file) === folder && (key === 'resources' || key === 'bases');
}

/** All files that are reached from a reference, directly or through other kustomizations. */
function reachedFrom({ links, kustomizations }: Closure, target: string): Set<string> {
  const reached = new Set<string>();
  const pending = [target];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    reached.add(at);
    const own = kustomizations.find((path) => posix.dirname(path) === at);
    if (own !== undefined && !reached.has(own)) {
      reached.add(own);
      pending.push(...links.filter(({ file }) => file === own).map((link) => link.target));
    }
  }
  return reached;
}

function isBelow(folder: string, path: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}
