import * as v from 'valibot';
import { didYouMean } from '../../config/nearest.js';
import type { ConfigFile } from '../../config/read-config.js';
import { readConfigFile } from '../../config/read-config.js';
import { parseDuration } from '../../runtime/duration.js';
import { urlProblem } from '../preview-records/address.js';
import { NAME_PATTERN } from '../tree/name.js';
import { type Freeze, freezeProblem } from './freeze.js';
import { policySchema, previewsSchema } from './policy-schema.js';

/** Where the policy is in an ops repository. */
export const POLICY_FILE = 'ostack.yaml';

type PolicyText = v.InferOutput<typeof policySchema>;

/** One long-lived environment. */
export interface PolicyEnvironment {
  name: string;
  after: string[];
  /** How long a version has to be in each of `after`, in milliseconds. */
  soakMs: number;
  cd: boolean;
  freeze: Freeze[];
  approvers: string[];
  /** How many of them have to approve; of no matter where there are none. */
  approvals: number;
}

export interface PreviewPolicy {
  host: string;
  limit: number;
  /** Milliseconds without activity after which a preview goes. */
  ttlMs: number;
  url: string | undefined;
  reconciler: 'flux' | 'argocd' | undefined;
  forks: false | 'labelled';
  /** Whether apps that a pull request does not touch run in its preview, at the host's versions. */
  others: boolean;
  /** Which of them, `undefined` for all. */
  apps: string[] | undefined;
  /** Kubernetes quantities, `undefined` for no bounds. */
  quota: { cpu: string; memory: string; storage: string; pods: string } | undefined;
  /** `undefined` where its pods may talk to anybody. */
  network: PreviewNetwork | undefined;
}

export interface PreviewNetwork {
  /** Namespaces that may reach a preview's pods. */
  ingress: string[];
  /** Addresses that its pods may reach, as `10.20.0.0/16`. */
  egress: string[];
}

const DEFAULT_QUOTA = { cpu: '4', memory: '8Gi', storage: '20Gi', pods: '50' };

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

/** What the operations managers decided, with every default applied. */
export interface Policy {
  /** In the order versions move through them: every environment after those it comes after. */
  environments: PolicyEnvironment[];
  /** Where an app's overlay is, `undefined` to tell from the tree. */
  overlay: string | undefined;
  previews: PreviewPolicy | undefined;
  /** The workspace that the repository belongs to, `undefined` where it does not say. */
  workspace: string | undefined;
  /** Workspaces whose apps carry their name here. */
  guests: string[];
}

/** The policy of a repository without one. */
export const NO_POLICY: Policy = {
  environments: [],
  overlay: undefined,
  previews: undefined,
  workspace: undefined,
  guests: [],
};

/**
 * Reads the policy of an ops repository.
 *
 * @param text the file's content, `undefined` where there is no file
 * @throws ConfigError naming file, line and what is wrong: an unknown key or environment, a cycle in `after`, …
 */
export function readPolicy(text: string | undefined, file = POLICY_FILE): Policy {
  if (text === undefined) {
    return NO_POLICY;
  }
  const config = readConfigFile(policySchema, text, file);
  const { environments, overlay, previews, workspace, guests } = config.value;
  const known = Object.entries(environments).map(([each, settings]) => environmentOf(each, settings));
  checkNames(config, known);
  checkFreezes(config, known);
  const problem = overlay === undefined ? undefined : overlayProblem(overlay);
  if (problem !== undefined) {
    throw config.error(['overlay'], problem);
  }
  if (previews !== undefined && known.length > 0) {
    requireKnown(config, known, previews.host, ['previews', 'host']);
  }
  const address = previews?.url === undefined ? undefined : urlProblem(previews.url);
  if (address !== undefined) {
    throw config.error(['previews', 'url'], address);
  }
  if (workspace !== undefined && guests.includes(workspace)) {
    throw config.error(['guests', guests.indexOf(workspace)], `${workspace} is no guest: the repository is its own.`);
  }
  return {
    ...{ overlay, workspace, guests },
    environments: inOrder(config, known),
    previews: previews && previewsOf(previews),
  };
}

/** The policy's rules for an environment; one the policy does not name merges nothing by itself. */
export function environmentPolicy(policy: Policy, environment: string): PolicyEnvironment {
  return policy.environments.find((each) => each.name === environment) ?? environmentOf(environment, null);
}

/** The policy's rules for previews; one without any has them on `staging`, or else the first environment it names. */
export function previewPolicy(policy: Policy): PreviewPolicy {
  const names = policy.environments.map((each) => each.name);
  const host = names.includes('staging') ? 'staging' : (names[0] ?? 'staging');
  return policy.previews ?? previewsOf(v.parse(previewsSchema, { host }));
}

function environmentOf(each: string, settings: PolicyText['environments'][string] | null): PolicyEnvironment {
  const after = settings?.after ?? [];
  return {
    name: each,
    after: typeof after === 'string' ? [after] : after,
    soakMs: settings?.soak === undefined ? 0 : parseDuration(settings.soak),
    cd: settings?.cd ?? false,
    freeze: (settings?.freeze ?? []).map(({ cron, for: length, timezone }) => ({
      cron,
      forMs: parseDuration(length),
      timezone,
    })),
    approvers: settings?.approvers ?? [],
    approvals: settings?.approvals ?? 1,
  };
}

function previewsOf(previews: NonNullable<PolicyText['previews']>): PreviewPolicy {
  const { host, limit, ttl, url, reconciler, forks, others, apps, quota, network } = previews;
  return {
    ...{ host, limit, ttlMs: parseDuration(ttl), url, reconciler, forks, others, apps },
    quota: quota === false ? undefined : { ...DEFAULT_QUOTA, ...(quota === true ? {} : quota) },
    network: network === false ? undefined : networkOf(network === true ? {} : network),
  };
}

function networkOf({ ingress, egress }: { ingress?: string[] | undefined; egress?: string[] }): PreviewNetwork {
  return { ingress: ingress ?? INGRESS_NAMESPACES, egress: egress ?? [] };
}

function checkNames(config: ConfigFile<PolicyText>, known: PolicyEnvironment[]): void {
  for (const environment of known) {
    if (!NAME_PATTERN.test(environment.name)) {
      const message = `expected an environment's name of letters, digits, ".", "_" and "-", found "${environment.name}".`;
      throw config.error(['environments', environment.name], message);
    }
    for (const before of environment.after) {
      requireKnown(config, known, before, ['environments', environment.name, 'after']);
    }
  }
}

function requireKnown(
  config: ConfigFile<PolicyText>,
  known: PolicyEnvironment[],
  wanted: string,
  path: string[],
): void {
  const names = known.map((each) => each.name);
  if (!names.includes(wanted)) {
    throw config.error(
      path,
      `there is no environment "${wanted}".${didYouMean(wanted, names)} Known: ${names.join(', ')}.`,
    );
  }
}

function checkFreezes(config: ConfigFile<PolicyText>, known: PolicyEnvironment[]): void {
  for (const environment of known) {
    for (const [index, freeze] of environment.freeze.entries()) {
      const problem = freezeProblem(freeze);
      if (problem !== undefined) {
        throw config.error(['environments', environment.name, 'freeze', index, problem.key], problem.message);
      }
    }
  }
}

/** Every environment after those it comes after, otherwise as the file has them. */
function inOrder(config: ConfigFile<PolicyText>, known: PolicyEnvironment[]): PolicyEnvironment[] {
  const ordered: PolicyEnvironment[] = [];
  const open: string[] = [];
  function place(environment: PolicyEnvironment): void {
    if (ordered.includes(environment)) {
      return;
    }
    const at = open.indexOf(environment.name);
    if (at >= 0) {
      const cycle = [...open.slice(at), environment.name].join(' after ');
      throw config.error(
        ['environments', open.at(-1) ?? environment.name, 'after'],
        `a cycle: ${cycle}. Remove one "after".`,
      );
    }
    open.push(environment.name);
    for (const before of environment.after) {
      const found = known.find((each) => each.name === before);
      if (found !== undefined) {
        place(found);
      }
    }
    open.pop();
    ordered.push(environment);
  }
  known.forEach(place);
  return ordered;
}

/** What is wrong with an `overlay` template, `undefined` when nothing is. */
export function overlayProblem(template: string): string | undefined {
  const segments = template.split('/');
  const found = `found "${template}".`;
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..' || segment.includes('\\'))) {
    return `expected a folder inside the repository, without "." and "..", ${found}`;
  }
  const unknown = [...template.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? '');
  const other = unknown.find((each) => each !== 'environment' && each !== 'app');
  if (other !== undefined) {
    return `unknown placeholder "{${other}}".${didYouMean(other, ['environment', 'app'])} Known: {environment}, {app}.`;
  }
  return unknown.filter((each) => each === 'environment').length === 1
    ? undefined
    : `expected {environment} once, as in overlays/{environment}/{app}, ${found}`;
}
