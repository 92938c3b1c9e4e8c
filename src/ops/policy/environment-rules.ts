import type { ConfigFile } from '../../config/read-config.js';
import { parseDuration } from '../../runtime/duration.js';
import { type Freeze, freezeProblem } from './freeze.js';
import type { PolicyText } from './policy-schema.js';

type FreezeText = NonNullable<PolicyText['environments'][string]>['freeze'][number];

/** The rules of environments, as every policy that has environments writes them. */
interface RulesText {
  environments: Readonly<
    Record<string, { freeze: FreezeText[]; approvers: string[]; approvals?: number | undefined } | null>
  >;
}

/** A freeze as it is written; `undefined` for one that is neither of the two kinds, or both. */
export function freezeOf({ cron, for: length, timezone, from, to }: FreezeText): Freeze | undefined {
  if (cron !== undefined && length !== undefined && from === undefined && to === undefined) {
    return { cron, forMs: parseDuration(length), timezone };
  }
  return cron === undefined && length === undefined && from !== undefined && to !== undefined
    ? { from: new Date(from), to: new Date(to) }
    : undefined;
}

/** @throws ConfigError with file and line for a freeze that is none, or approvals that nobody can give */
export function checkRules(config: ConfigFile<RulesText>): void {
  for (const [name, settings] of Object.entries(config.value.environments)) {
    for (const [index, text] of (settings?.freeze ?? []).entries()) {
      checkFreeze(config, text, ['environments', name, 'freeze', index]);
    }
    checkApprovals(config, settings ?? undefined, ['environments', name]);
  }
}

function checkFreeze(config: ConfigFile<unknown>, text: FreezeText, path: readonly (string | number)[]): void {
  const freeze = freezeOf(text);
  if (freeze === undefined) {
    throw config.error(path, 'expected cron and for, or else from and to.');
  }
  const problem = freezeProblem(freeze);
  if (problem !== undefined) {
    throw config.error([...path, problem.key], problem.message);
  }
}

/** Approvals that nobody can give would be none. @param path where they are written */
export function checkApprovals(
  config: ConfigFile<unknown>,
  settings: { approvers: readonly string[]; approvals?: number | undefined } | undefined,
  path: readonly string[],
): void {
  if (settings?.approvals !== undefined && settings.approvers.length === 0) {
    const message = 'expected who may give them: add "approvers", logins or teams as owner/team.';
    throw config.error([...path, 'approvals'], message);
  }
}
