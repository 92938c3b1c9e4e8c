import { unreadParts } from '../../../judgement/unread-in-previews.js';
import type { LayerObject } from '../../../kustomize/layers/layer-object.js';
import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import { urlOf } from '../../../preview-records/address.js';
import type { Confinement } from '../../../reconcilers/reconciler.js';
import { type Adaptation, type AppObject, together } from './adaptation.js';
import { adaptAnnotations } from './annotations.js';
import { adaptBackends } from './backends.js';
import { collisionsIn } from './collisions.js';
import { HostNames } from './host-names.js';
import {
  beyond,
  definedScopes,
  omissionOf,
  omit,
  type Scopes,
  type Surroundings,
  unreadOmissions,
} from './omissions.js';
import { adaptRelease } from './releases.js';
import { adaptHosts, isRoute, UNREAD_NAMES } from './route-hosts.js';
import { adaptShared, unreadServices } from './services.js';
import { adaptWorkload, unreadWorkloads } from './workloads.js';

/** An app of a preview, as its base makes it. */
export interface AppToAdapt {
  app: string;
  objects: readonly LayerObject[];
  /** Whether its base takes something in that is not read: from another repository, or from a chart. */
  isOpen: boolean;
  /** Whether it has a folder `preview` in its base. */
  isPrepared: boolean;
}

/** What makes an app fit for a preview. */
export interface AdaptedApp extends Adaptation {
  /** Its address; `undefined` where no Ingress or route leads to it. */
  url: string | undefined;
}

/** What of the policy and the cluster adapts the apps of a preview. */
export interface AdaptingContext {
  policy: Pick<PreviewPolicy, 'url' | 'quota' | 'network' | 'kinds' | 'podSecurity'>;
  /** Where objects of kinds are that the cluster's own files define. */
  defined: Scopes['defined'];
  /** How the cluster confines the preview to its namespace; `undefined` where it does not. */
  confinement?: Confinement | undefined;
  /** What the preview has of its own; missing for what the policy says. */
  ground?: Pick<Surroundings, 'hasNetwork' | 'hasQuota'>;
}

/**
 * Makes the apps of one preview fit for its namespace. Pure.
 *
 * @param name of the preview
 * @throws PreviewProblem where two objects would meet there, or a host would be longer than DNS allows
 */
export function adaptApps(
  name: string,
  apps: readonly AppToAdapt[],
  { policy, defined, confinement, ground }: AdaptingContext,
): Map<string, AdaptedApp> {
  const all: AppObject[] = apps.flatMap(({ app, objects }) => objects.map((object) => ({ app, object })));
  const scopes = {
    said: policy.kinds,
    defined: new Map([...defined, ...definedScopes(all.map(({ object }) => object))]),
  };
  const own = ground ?? { hasNetwork: policy.network !== undefined, hasQuota: policy.quota !== undefined };
  const surroundings = { ...own, isClosedIn: confinement !== undefined };
  const omitted = new Map(
    all.flatMap(({ object }) => {
      const reason = omissionOf(object, scopes, surroundings) ?? (confinement && beyond(object, confinement));
      return reason === undefined ? [] : [[object, reason] as const];
    }),
  );
  for (const [object, app] of collisionsIn(all.filter(({ object }) => !omitted.has(object)))) {
    omitted.set(object, `it is the same that ${app} has`);
  }
  const names = apps.map(({ app }) => app);
  const hosts = policy.url === undefined ? undefined : new HostNames(policy.url, name, names);
  const target = { name, policy, hosts, isClosedIn: surroundings.isClosedIn };
  return new Map(
    apps.map((each) => {
      const { app, objects } = each;
      const isSeen = objects.some((object) => isRoute(object) && !omitted.has(object));
      const adapted = together([
        ...inOrder(objects).map((object) => adaptObject(each, object, omitted.get(object), target)),
        ...(each.isOpen
          ? [
              unread(
                each,
                objects.filter((object) => !omitted.has(object)),
                policy,
                confinement,
              ),
            ]
          : []),
      ]);
      const [host] = isSeen && hosts !== undefined ? hosts.hostsOf(app) : [];
      const url = host === undefined || policy.url === undefined ? undefined : urlOf(policy.url, host);
      return [app, { ...adapted, url }];
    }),
  );
}

/** What objects are adapted to. */
interface Target {
  name: string;
  policy: AdaptingContext['policy'];
  hosts: HostNames | undefined;
  isClosedIn: boolean;
}

function adaptObject(
  { app, isPrepared }: AppToAdapt,
  object: LayerObject,
  omission: string | undefined,
  { name, policy, hosts, isClosedIn }: Target,
): Adaptation {
  if (omission !== undefined) {
    return omit(app, object, omission);
  }
  const hostFor = hosts === undefined ? undefined : (host: string | undefined) => hosts.hostFor(app, host);
  return together([
    adaptHosts(app, object, hostFor, isPrepared),
    adaptWorkload(app, object, policy.podSecurity, isClosedIn),
    adaptShared(app, object),
    adaptBackends(app, object),
    adaptAnnotations(app, object),
    adaptRelease(app, object, name),
  ]);
}

function unread(
  { app, isPrepared }: AppToAdapt,
  read: readonly LayerObject[],
  { podSecurity }: AdaptingContext['policy'],
  confinement: Confinement | undefined,
): Adaptation {
  return {
    patches: [
      ...unreadOmissions(!isPrepared, confinement),
      ...unreadServices(read),
      ...unreadWorkloads(),
      ...(isPrepared ? [] : [UNREAD_NAMES]),
    ],
    leftOut: unreadParts({ app, isPrepared, confinement, podSecurity }),
    refused: [],
  };
}

/** Routes first, so that the first host of the first of them is the app's own. */
function inOrder(objects: readonly LayerObject[]): LayerObject[] {
  return [...objects.filter(isRoute), ...objects.filter((object) => !isRoute(object))];
}
