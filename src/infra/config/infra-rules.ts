import type * as v from 'valibot';
import { didYouMean } from '../../config/nearest.js';
import type { ConfigFile } from '../../config/read-config.js';
import { checkApprovals, checkRules, freezeOf } from '../../ops/policy/environment-rules.js';
import type { Freeze } from '../../ops/policy/freeze.js';
import { type PathPolicy, pathPolicyOf } from '../../ops/policy/path-policy.js';
import type { infraSchema } from './infra-schema.js';

/** The rules of an environment. */
export interface InfraEnvironment {
  name: string;
  freeze: readonly Freeze[];
  approvers: readonly string[];
  /** How many of them have to approve; without meaning where there are none. */
  approvals: number;
}

/** Who has to approve losses; `nobody` where the team says so, `undefined` for who approves the root in any case. */
export type LossApproval = { approvers: readonly string[]; approvals: number } | 'nobody' | undefined;

/** What may change what in an infra repository, and when. */
export interface InfraRules extends PathPolicy {
  environments: readonly InfraEnvironment[];
  losses: LossApproval;
}

/**
 * The rules that `ostack.yaml` of an infra repository has.
 *
 * @throws ConfigError with file and line: an environment that there are no rules of, a freeze that is none, …
 */
export function infraRulesOf(file: ConfigFile<v.InferOutput<typeof infraSchema>>): InfraRules {
  const { environments, roots, losses, paths } = file.value;
  checkRules(file);
  const known = Object.keys(environments);
  for (const [name, { environment, ...root }] of Object.entries(roots)) {
    checkApprovals(file, root, ['roots', name]);
    // A name that is written wrong would have no rules at all.
    if (environment !== undefined && known.length > 0) {
      requireKnown(file, known, environment, ['roots', name, 'environment']);
    }
  }
  for (const [pattern, names] of Object.entries(paths)) {
    for (const name of [names].flat()) {
      requireKnown(file, known, name, ['paths', pattern]);
    }
  }
  return {
    ...pathPolicyOf(file),
    environments: Object.entries(environments).map(([name, settings]) => ({
      name,
      freeze: (settings?.freeze ?? []).flatMap((freeze) => freezeOf(freeze) ?? []),
      approvers: settings?.approvers ?? [],
      approvals: settings?.approvals ?? 1,
    })),
    losses: losses === false ? 'nobody' : losses && { approvers: losses.approvers, approvals: losses.approvals ?? 1 },
  };
}

function requireKnown(
  file: ConfigFile<unknown>,
  known: readonly string[],
  environment: string,
  path: readonly string[],
): void {
  if (!known.includes(environment)) {
    const there = known.length === 0 ? '"environments" names none' : `Known: ${known.join(', ')}`;
    throw file.error(
      path,
      `expected an environment of this file, found "${environment}".${didYouMean(environment, known)} ${there}.`,
    );
  }
}
