import type { DeployingObject, Layout } from '../overlays/layout.js';
import { overlayOfPath } from '../overlays/overlay-path.js';
import type { ReadyPolicy } from '../policy/ready-policy.js';
import { argocd } from '../reconcilers/argocd/argocd.js';
import { flux } from '../reconcilers/flux/flux.js';
import { fitsWildcards } from '../tree/wildcards.js';
import type { Watched } from './health-of.js';

/** What has to report, and the folders whose last change it has to report of. */
export interface WatchedObject extends Omit<Watched, 'changed'> {
  folders: readonly string[];
}

/** Any app's name, to ask whose a folder above those of apps is. */
const ANY = 'any';

/**
 * What has to report that an environment is live: the contexts that its policy names, or else the objects of Flux and Argo CD that
 * deploy its overlays, by the contexts in which they report.
 *
 * @returns none where nothing tells
 */
export function watchedObjects(layout: Layout, environment: string, ready: ReadyPolicy): WatchedObject[] {
  const all = (layout.deployedBy ?? [])
    .filter((object) => isWatched(object, ready.from))
    .map((object) => ({ object, owners: ownersOf(layout, object) }));
  const isOwn = (owner: Owner) => owner.environment === environment;
  const own = all.flatMap(({ object, owners }) =>
    owners
      .filter(isOwn)
      .slice(0, 1)
      .map(({ app }) => ({ object, app })),
  );
  const others = all.flatMap(({ object, owners }) =>
    owners.some(isOwn) ? [] : owners.map((owner) => ({ name: reportedName(object), environment: owner.environment })),
  );
  const mixedUp = others.filter((other) => ready.apart?.includes(other.environment) !== true);
  if (ready.contexts.length > 0) {
    const folders = [...new Set(own.map(({ object }) => object.path))];
    return ready.contexts.map((pattern) => ({
      ...{ name: pattern, apps: 'all', folders },
      isReport: (context) => fitsWildcards(pattern.toLowerCase(), context.toLowerCase()),
    }));
  }
  const byName = new Map<string, WatchedObject>();
  for (const { object, app } of own) {
    const name = reportedName(object);
    const known = byName.get(name);
    const apps = app === 'all' || known?.apps === 'all' ? 'all' : [...new Set([...(known?.apps ?? []), app])];
    const folders = [...new Set([...(known?.folders ?? []), object.path, ...object.values])].filter(
      (path) => path !== '',
    );
    const alike = [...new Set(mixedUp.filter((other) => other.name === name).map((other) => other.environment))];
    byName.set(name, { name, apps, folders, isReport: reportsOf(object), copies: copiesOf(own, name), alike });
  }
  return [...byName.values()];
}

/** The objects that deploy an environment, as far as what they are called is known. */
export function objectsOf(layout: Layout, environment: string): DeployingObject[] {
  return (layout.deployedBy ?? []).filter(
    (object) =>
      isWatched(object, undefined) && ownersOf(layout, object).some((owner) => owner.environment === environment),
  );
}

/** What a generator calls its objects by a template that is not filled in here, nobody can await. */
function isWatched({ object, name }: DeployingObject, from: ReadyPolicy['from']): boolean {
  const [kind] = object.split('/');
  if (name === '' || /[{$*]/.test(name)) {
    return false;
  }
  return (
    (kind === 'Kustomization' && (from ?? 'flux') === 'flux') ||
    ((kind === 'Application' || kind === 'ApplicationSet') && (from ?? 'argocd') === 'argocd')
  );
}

/** An environment, and the app of it that an object deploys: `all` for no single one. */
interface Owner {
  environment: string;
  app: string;
}

/** Whose the folder and the values of an object are; none where it deploys what is of no single environment. */
function ownersOf(layout: Layout, object: DeployingObject): Owner[] {
  const places = [object.path, ...object.values].filter((path) => path !== '');
  return places.flatMap((path) => {
    const exact = overlayOfPath(layout, path);
    if (exact !== undefined) {
      return [{ environment: exact.environment, app: exact.app === '' ? 'all' : exact.app }];
    }
    const inside = overlayOfPath(layout, `${path}/${ANY}`);
    return inside === undefined ? [] : [{ environment: inside.environment, app: 'all' }];
  });
}

/** How many objects of a name there are: two that deploy different folders are in two clusters, and each reports. */
function copiesOf(own: readonly { object: DeployingObject }[], name: string): number {
  return new Set(own.flatMap(({ object }) => (reportedName(object) === name ? [object.path] : []))).size;
}

/** `kustomization/web-staging`, `continuous-delivery/web-staging`: how it reports, without what only its provider knows. */
function reportedName({ object, name }: DeployingObject): string {
  const [kind] = object.split('/');
  const [start = ''] = kind === 'Kustomization' ? flux.statusContexts : argocd.statusContexts;
  return `${start}${name}`.toLowerCase();
}

/** Whether a context is one of an object: it begins as those of its reconciler, and one of its further parts is the object's name. */
function reportsOf({ object, name }: DeployingObject): (context: string) => boolean {
  const isFlux = object.startsWith('Kustomization/');
  const starts: readonly string[] = isFlux ? ['kustomization/'] : argocd.statusContexts;
  const own = name.toLowerCase();
  return (context) => {
    const lower = context.toLowerCase();
    return starts.some((start) => lower.startsWith(start)) && lower.split('/').slice(1).includes(own);
  };
}
