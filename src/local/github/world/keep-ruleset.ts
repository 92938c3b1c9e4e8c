import type { KeptRuleset, Ruleset } from './records.js';
import { Refusal } from './refusal.js';
import type { Repository } from './repository.js';
import { checksOf } from './rulesets.js';
import type { World } from './world.js';

/** Adds a ruleset, or changes the one of that name. */
export function keepRuleset(world: World, repository: Repository, name: string, ruleset: Ruleset): KeptRuleset {
  const known = repository.rulesets.get(name);
  const kept = {
    ...ruleset,
    name,
    id: known?.id ?? world.nextId(),
    createdAt: known?.createdAt ?? world.now(),
    updatedAt: world.now(),
  };
  repository.rulesets.set(name, kept);
  return kept;
}

/**
 * Checks what a ruleset names: Apps have to be installed on the repository.
 *
 * @throws Refusal 422 in GitHub's words
 */
export function checkRuleset(world: World, repository: Repository, { rules, actors = [] }: Ruleset): void {
  const isHere = (id: number | null | undefined) => {
    const app = world.apps.find(id ?? 0);
    return app !== undefined && world.apps.isInstalled(app, repository);
  };
  if (checksOf(rules).some(({ appId }) => appId !== undefined && !isHere(appId))) {
    throw invalidRuleset(
      "Invalid rule 'required_status_checks': Invalid parameter required_status_checks: Invalid integration ids",
    );
  }
  for (const { type, id } of actors) {
    const app = type === 'Integration' ? world.apps.find(id ?? 0) : undefined;
    // The App of every GITHUB_TOKEN is nobody's, so that it is on no bypass list.
    if (type === 'Integration' && (!isHere(id) || app?.slug === 'github-actions')) {
      throw invalidRuleset(
        `Actor ${app?.name ?? id} integration must be part of the ruleset source or owner organization`,
      );
    }
  }
}

export function invalidRuleset(message: string): Refusal {
  return new Refusal(422, 'Validation Failed', { errors: [message] });
}
