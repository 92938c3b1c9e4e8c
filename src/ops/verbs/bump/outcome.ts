import type { Outcome as RoundOutcome } from '../../pull-requests/outcome.js';
import type { Executed } from '../../pull-requests/work.js';
import type { BumpResult } from './result.js';
import type { Survey, Unit } from './unit.js';

/** Where a unit stands after one round. */
export type Outcome = RoundOutcome<BumpResult>;

/** A result with what is known of the unit filled in. */
export function settled(
  { unit, plan, open }: Pick<Survey, 'unit' | 'plan' | 'open'>,
  action: BumpResult['action'],
  reason = '',
  pullRequest: { number: number; url: string } | undefined = open,
): Outcome {
  return {
    state: 'settled',
    result: {
      environment: unit.environment,
      app: unit.nameInApps,
      version: unit.target.version,
      previous: plan?.previous ?? null,
      number: pullRequest?.number ?? null,
      url: pullRequest?.url ?? '',
      action,
      reason,
    },
  };
}

/** What became of a unit that was written. */
export function outcomeOf(survey: Survey, executed: Executed): Outcome {
  if (executed.state === 'failed') {
    return executed;
  }
  if (executed.state === 'again') {
    const done = executed.settled === undefined ? undefined : outcomeOf(survey, executed.settled);
    const { reason } = executed;
    return done?.state === 'settled' ? { state: 'again', reason, result: done.result } : { state: 'again', reason };
  }
  return settled(survey, executed.action, executed.reason, executed.pullRequest);
}

/** The key of a unit among all. */
export function unitKey({ environment, target }: Unit): string {
  return `${environment}/${target.app}`;
}
