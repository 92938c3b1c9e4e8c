import * as v from 'valibot';
import { parseDuration } from '../../runtime/duration.js';
import type { Scope } from '../kustomize/cluster-kinds.js';
import type { ReconcilerName } from '../reconcilers/all.js';
import { type PolicyText, previewsSchema } from './policy-schema.js';

/** What the policy says of previews, with every default applied. */
export interface PreviewPolicy {
  /** The environment whose cluster and settings previews use. */
  host: string;
  /** The branch of the ops repository that previews are on. */
  branch: string;
  /** How many previews there may be at a time. */
  limit: number;
  /** Milliseconds without activity after which a preview is deleted. */
  ttlMs: number;
  /** The longest that somebody may keep one, in milliseconds; `undefined` where nobody may. */
  keepMs: number | undefined;
  /** Milliseconds without activity after which one sleeps; `undefined` for never. */
  sleepAfterMs: number | undefined;
  /** Address of a preview with `{app}` and `{name}` in it. */
  url: string | undefined;
  /** What deploys the repository; `undefined` to detect it. */
  reconciler: ReconcilerName | undefined;
  /** Whether a maintainer's label gives a pull request from a fork its preview. */
  forks: false | 'labelled';
  /** The apps repositories that may ask for previews, `owner/name`; `undefined` for those that the policy names otherwise. */
  from: string[] | undefined;
  /** Names of images that pull requests may bring, with `*` for any characters; `undefined` for what is beside those of the host. */
  images: string[] | undefined;
  /** Whether apps that a pull request does not touch run in its preview, at the host's versions. */
  others: boolean;
  /** Which of them, `undefined` for all. */
  apps: string[] | undefined;
  /** Kubernetes quantities, `undefined` for no bounds. */
  quota: { cpu: string; memory: string; storage: string; pods: string } | undefined;
  /** `undefined` where its pods may talk to anybody. */
  network: PreviewNetwork | undefined;
  /** What pods may be there, as the label of a namespace says it. */
  podSecurity: PodSecurity;
  /** Where objects of further kinds are, by `Kind.group`. */
  kinds: ReadonlyMap<string, Scope>;
}

/**
 * A level of Kubernetes' Pod Security Standards.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export type PodSecurity = 'restricted' | 'baseline' | 'privileged';

/** Whom a preview's pods may talk to, besides each other and DNS. */
export interface PreviewNetwork {
  /** Namespaces that may reach a preview's pods. */
  ingress: string[];
  /** Addresses that its pods may reach, as `10.20.0.0/16`. */
  egress: string[];
}

const DEFAULT_QUOTA = { cpu: '4', memory: '8Gi', storage: '20Gi', pods: '50' };

/** The bounds of a quota as a ResourceQuota has them. */
export function hardQuota({ cpu, memory, storage, pods }: NonNullable<PreviewPolicy['quota']>): Record<string, string> {
  return { 'requests.cpu': cpu, 'requests.memory': memory, 'requests.storage': storage, pods };
}

/** Namespaces that common ingress controllers and gateways live in. */
const INGRESS_NAMESPACES = [
  'ingress-nginx',
  'nginx-gateway',
  'traefik',
  'envoy-gateway-system',
  'istio-ingress',
  'istio-system',
  'projectcontour',
  'haproxy-controller',
  'kong',
];

/**
 * The policy's rules for previews. A policy without any has previews on `staging`, or on the first environment that it
 * names where there is no `staging`, with the defaults of the schema.
 */
export function previewPolicy(policy: {
  environments: readonly { name: string }[];
  previews: PreviewPolicy | undefined;
}): PreviewPolicy {
  const names = policy.environments.map((each) => each.name);
  const host = names.includes('staging') ? 'staging' : (names[0] ?? 'staging');
  return policy.previews ?? previewsOf(v.parse(previewsSchema, { host }));
}

/** Parses durations and applies the defaults of `quota` and `network` to the `previews` of a policy file. */
export function previewsOf(previews: NonNullable<PolicyText['previews']>): PreviewPolicy {
  const {
    host,
    branch,
    limit,
    ttl,
    keep,
    sleep,
    url,
    reconciler,
    forks,
    from,
    images,
    others,
    apps,
    quota,
    network,
    kinds,
  } = previews;
  return {
    ...{ host, branch, limit, ttlMs: parseDuration(ttl), url, reconciler, forks, from, images, others, apps },
    keepMs: keep === false ? undefined : parseDuration(keep),
    sleepAfterMs: sleep === undefined ? undefined : parseDuration(sleep.after),
    quota: quota === false ? undefined : { ...DEFAULT_QUOTA, ...(quota === true ? {} : quota) },
    network: network === false ? undefined : networkOf(network === true ? {} : network),
    podSecurity: previews['pod-security'],
    kinds: new Map(Object.entries(kinds)),
  };
}

function networkOf({ ingress, egress }: { ingress?: string[] | undefined; egress?: string[] }): PreviewNetwork {
  return { ingress: ingress ?? INGRESS_NAMESPACES, egress: egress ?? [] };
}
