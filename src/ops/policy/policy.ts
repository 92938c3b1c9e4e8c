import { didYouMean } from '../../config/nearest.js';
import { type ConfigFile, readConfigFile } from '../../config/read-config.js';
import { parseDuration } from '../../runtime/duration.js';
import { urlProblem } from '../preview-records/address.js';
import { NAME_PATTERN } from '../tree/name.js';
import { type Freeze, freezeProblem } from './freeze.js';
import { overlayProblem } from './overlay-template.js';
import { type PolicyText, policySchema } from './policy-schema.js';
import { type PreviewPolicy, previewsOf } from './preview-policy.js';

/** Where the policy is in an ops repository. */
export const POLICY_FILE = 'ostack.yaml';

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
