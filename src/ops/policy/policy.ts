import { didYouMean } from '../../config/nearest.js';
import { type ConfigFile, readConfigFile } from '../../config/read-config.js';
import { type Receiver, receiversOf } from '../../notify/receiver.js';
import { parseDuration } from '../../runtime/duration.js';
import { urlProblem } from '../preview-records/address.js';
import { NAME_PATTERN } from '../tree/name.js';
import { type CarrierPolicy, carriersOf } from './carrier-policy.js';
import { checkRules, freezeOf } from './environment-rules.js';
import type { Freeze } from './freeze.js';
import { type ImageRule, imageRule, imageRulesOf, matchProblem } from './image-rules.js';
import { type OverlayPolicy, overlayPolicyOf } from './overlay-policy.js';
import { type PathPolicy, pathPolicyOf } from './path-policy.js';
import { type Lodging, placeProblem } from './places.js';
import { POLICY_PATH } from './policy-path.js';
import { type PolicyText, policySchema } from './policy-schema.js';
import { type PreviewPolicy, previewsOf } from './preview-policy.js';
import { apartFrom, type ReadyPolicy, readyOf, readyProblem } from './ready-policy.js';
import { type OnFailure, type VerifyPolicy, verifyOf } from './verify-policy.js';

export { POLICY_PATH as POLICY_FILE } from './policy-path.js';

/** The policy's rules for a long-lived environment, with every default applied. */
export interface PolicyEnvironment extends Lodging {
  /** The environments that a version has to be in first. */
  after: string[];
  /** How long a version has to be in each of `after`, in milliseconds. */
  soakMs: number;
  /** Whether pull requests of new releases merge by themselves. */
  cd: boolean;
  freeze: Freeze[];
  /** Who may approve a change: logins, or teams as `owner/team`. */
  approvers: string[];
  /** How many of the approvers have to approve; without meaning where there are none. */
  approvals: number;
  /** Which images may come in, the first rule that fits; all may where there is none. */
  images?: readonly ImageRule[];
  /** Whether promotions merge the branch of the environment before it; missing where they copy versions. */
  promotion?: 'merge';
  /** What tells whether it is live; missing where nothing does. */
  ready?: ReadyPolicy;
  /** The workflow that verifies what is live; missing for none. */
  verify?: VerifyPolicy;
  /** What is done about a version that fails within this time of its merge; missing where people are told, and nothing else. */
  onFailure?: { act: Exclude<OnFailure, 'tell'>; withinMs: number };
  /** Whether a gate judges what goes into it: then nobody but its approvers gets past the policy. */
  isGuarded?: boolean;
}

/** What the operations managers decided, with every default applied. */
export interface Policy extends OverlayPolicy, PathPolicy {
  /** In the order in which versions move through them: each environment after those in its `after`. */
  environments: PolicyEnvironment[];
  /** Values that carry versions and do not look like it. */
  carriers: readonly CarrierPolicy[];
  previews: PreviewPolicy | undefined;
  /** The workspace that the repository belongs to; `undefined` where the policy does not say. */
  workspace: string | undefined;
  /** Other workspaces that have apps here, with the name of the workspace as their prefix. */
  guests: string[];
  /** The apps repositories of guests, `owner/name` by workspace, where the policy says them. */
  guestRepositories?: ReadonlyMap<string, string>;
  /** Which images may come into any environment, after its own rules. */
  images?: readonly ImageRule[];
  /** Who is told of what happens; missing for nobody. */
  notify?: readonly Receiver[];
}

/** The policy of a repository without a policy file. */
export const NO_POLICY: Policy = {
  environments: [],
  overlays: [],
  apps: new Map(),
  carriers: [],
  free: [],
  paths: [],
  previews: undefined,
  workspace: undefined,
  guests: [],
};

/**
 * Reads the policy of an ops repository.
 *
 * @param text content of the file, `undefined` where there is none
 * @throws ConfigError with file, line and what is wrong: an unknown key or environment, a cycle in `after`, …
 */
export function readPolicy(text: string | undefined, file = POLICY_PATH): Policy {
  if (text === undefined) {
    return NO_POLICY;
  }
  const config = readConfigFile(policySchema, text, file);
  const { environments, previews, workspace, guests: written } = config.value;
  const guests = Array.isArray(written) ? written : Object.keys(written);
  const images = imageRulesOf(config, ['images'], config.value.images);
  const named = Object.entries(environments).map(([each, settings]) => {
    imageRulesOf(config, ['environments', each, 'images'], settings?.images ?? []);
    return environmentOf(each, settings, images);
  });
  const known = named.map((each) =>
    each.ready === undefined ? each : { ...each, ready: apartFrom(each.ready, named) },
  );
  checkNames(config, known);
  checkRules(config);
  checkReady(config);
  for (const [pattern, names] of Object.entries(config.value.paths)) {
    for (const name of [names].flat()) {
      requireKnown(config, known, name, ['paths', pattern]);
    }
  }
  checkPlaces(config, known);
  const places = overlayPolicyOf(config);
  if (previews !== undefined && known.length > 0) {
    requireKnown(config, known, previews.host, ['previews', 'host']);
  }
  const unnamed = places.overlays.find((pattern) => !pattern.includes('{environment}'));
  if (previews !== undefined && unnamed !== undefined) {
    const message = `a preview is made beside its host, and "${unnamed}" in "overlays" names no environment. Add {environment}.`;
    throw config.error(['previews'], message);
  }
  const address = previews?.url === undefined ? undefined : urlProblem(previews.url);
  if (address !== undefined) {
    throw config.error(['previews', 'url'], address);
  }
  for (const [index, pattern] of (previews?.images ?? []).entries()) {
    const problem = matchProblem(pattern);
    if (problem !== undefined) {
      throw config.error(['previews', 'images', index], problem.message);
    }
  }
  if (workspace !== undefined && guests.includes(workspace)) {
    const key = Array.isArray(written) ? guests.indexOf(workspace) : workspace;
    throw config.error(['guests', key], `${workspace} is no guest: the repository is its own.`);
  }
  const notify = notifyOf(config, known);
  return {
    ...{ ...places, workspace, guests, carriers: carriersOf(config, file), ...pathPolicyOf(config) },
    environments: inOrder(config, known),
    previews: previews && previewsOf(previews),
    ...(images.length === 0 ? {} : { images }),
    ...(Array.isArray(written) ? {} : { guestRepositories: new Map(Object.entries(written)) }),
    ...(notify.length === 0 ? {} : { notify }),
  };
}

/** The policy's rules for an environment. In one that the policy does not name, nothing merges by itself. */
export function environmentPolicy(policy: Policy, environment: string): PolicyEnvironment {
  return (
    policy.environments.find((each) => each.name === environment) ?? environmentOf(environment, null, policy.images)
  );
}

/** Whether anything keeps a change out of an environment: an order, a freeze, approvals, or where images are from. */
export function hasRules(policy: Policy, environment: string): boolean {
  const { after, freeze, approvers, images = [] } = environmentPolicy(policy, environment);
  return after.length + freeze.length + approvers.length + images.length > 0;
}

function environmentOf(
  each: string,
  settings: PolicyText['environments'][string] | null,
  ofAll: readonly ImageRule[] = [],
): PolicyEnvironment {
  const after = settings?.after ?? [];
  const images = [...(settings?.images ?? []).map(imageRule), ...ofAll];
  const act = settings?.['on-failure'] ?? 'tell';
  return {
    name: each,
    after: typeof after === 'string' ? [after] : after,
    soakMs: settings?.soak === undefined ? 0 : parseDuration(settings.soak),
    cd: settings?.cd ?? false,
    freeze: (settings?.freeze ?? []).flatMap((freeze) => freezeOf(freeze) ?? []),
    approvers: settings?.approvers ?? [],
    approvals: settings?.approvals ?? 1,
    ...(images.length === 0 ? {} : { images }),
    ...(settings?.branch === undefined ? {} : { branch: settings.branch }),
    ...(settings?.repository === undefined ? {} : { repository: settings.repository }),
    ...(settings?.promotion === 'merge' ? { promotion: settings.promotion } : {}),
    ...(settings?.ready === undefined ? {} : { ready: readyOf(settings.ready) }),
    ...(settings?.verify === undefined ? {} : { verify: verifyOf(settings.verify) }),
    ...(act === 'tell' ? {} : { onFailure: { act, withinMs: parseDuration(settings?.watch ?? '30m') } }),
  };
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

/** Who is told of what happens, of environments that there are. */
function notifyOf(config: ConfigFile<PolicyText>, known: PolicyEnvironment[]): Receiver[] {
  const receivers = receiversOf(config, ['notify'], config.value.notify);
  for (const { name, environments = [] } of known.length === 0 ? [] : receivers) {
    for (const environment of environments) {
      requireKnown(config, known, environment, ['notify', name, 'environments']);
    }
  }
  return receivers;
}

/** Where environments live, and what promotions between them merge. */
function checkPlaces(config: ConfigFile<PolicyText>, known: readonly PolicyEnvironment[]): void {
  for (const environment of known) {
    const problem = placeProblem(environment, known, config.value.previews);
    if (problem !== undefined) {
      throw config.error(['environments', environment.name, problem.key], problem.message);
    }
  }
}

function requireKnown(
  config: ConfigFile<PolicyText>,
  known: PolicyEnvironment[],
  environment: string,
  path: string[],
): void {
  const names = known.map((each) => each.name);
  if (!names.includes(environment)) {
    throw config.error(
      path,
      `there is no environment "${environment}".${didYouMean(environment, names)} Known: ${names.join(', ')}.`,
    );
  }
}

/** What nothing can tell, or everything, tells nothing. */
function checkReady(config: ConfigFile<PolicyText>): void {
  for (const [name, settings] of Object.entries(config.value.environments)) {
    const { ready } = settings ?? {};
    const problem = ready && readyProblem(ready);
    if (problem !== undefined) {
      throw config.error(['environments', name, 'ready', problem.key], problem.message);
    }
    const idle = (['verify', 'on-failure'] as const).find((key) => settings?.[key] !== undefined);
    if (ready === undefined && idle !== undefined) {
      const message = 'expected "ready" beside it: without it nothing tells when a version is live, or that it failed.';
      throw config.error(['environments', name, idle], message);
    }
  }
}

/** Sorts environments topologically by `after`; otherwise they stay in the order of the file. */
function inOrder(config: ConfigFile<PolicyText>, known: PolicyEnvironment[]): PolicyEnvironment[] {
  const ordered: PolicyEnvironment[] = [];
  const open: string[] = [];
  function visit(environment: PolicyEnvironment): void {
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
        visit(found);
      }
    }
    open.pop();
    ordered.push(environment);
  }
  known.forEach(visit);
  return ordered;
}
