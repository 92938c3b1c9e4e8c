import { NO_POLICY, type Policy, type PolicyEnvironment } from '../../ops/policy/policy.js';
import type { InfraConfig } from './infra-config.js';

/** Environments that have rules, or that a root names. */
export function environmentsOf({ rules, roots }: InfraConfig): string[] {
  const named = roots.flatMap(({ environment }) => environment ?? []);
  return [...new Set([...rules.environments.map(({ name }) => name), ...named])];
}

/** The environments whose rules a root has: one that names none has those of all, since nobody can tell whose it is. */
export function environmentsOfRoot(environment: string | undefined, config: InfraConfig): string[] {
  return environment === undefined ? environmentsOf(config) : [environment];
}

/** The rules of an infra repository's environments as the policy of an ops repository has them, for what both do alike. */
export function environmentsPolicy(config: InfraConfig): Policy {
  const { environments, free, paths } = config.rules;
  return {
    ...{ ...NO_POLICY, free, paths, workspace: config.workspace },
    environments: environmentsOf(config).map((name): PolicyEnvironment => {
      const { freeze = [], approvers = [], approvals = 1 } = environments.find((each) => each.name === name) ?? {};
      return { name, after: [], soakMs: 0, cd: false, freeze: [...freeze], approvers: [...approvers], approvals };
    }),
  };
}
