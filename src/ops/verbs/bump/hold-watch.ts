import type { Connected } from '../../../github/connected.js';
import { activeHold, holdReason } from '../../policy/holds.js';
import type { Patience } from '../../pull-requests/merge.js';
import { enforceHolds, type Suspect } from '../enforce-holds/enforce-holds.js';
import type { BumpReport } from './bump.js';
import type { Rules } from './decide.js';
import { type Outcome, unitKey } from './outcome.js';
import type { BumpRequest } from './request.js';
import type { Played } from './round.js';
import type { Survey, Unit } from './unit.js';

/** Remembers, over the rounds of a run, where a version may stand beside a hold. */
export class HoldWatch {
  readonly #suspects = new Map<string, Unit>();
  readonly #merged = new Set<string>();

  /** An environment that does not run what its hold says: what an earlier run merged and did not live to take back. */
  snapshot({ unit, plan }: Survey, { holds, now }: Rules): void {
    const hold = activeHold(holds, unit.environment, unit.target.app, now);
    if (hold !== undefined && plan !== undefined && plan.previous !== hold.version) {
      this.#suspects.set(unitKey(unit), unit);
    }
  }

  /** What this run merged where other holds are on than those it looked at. */
  see(unit: Unit, { mayBeMerged, elsewhere }: Played): void {
    if (mayBeMerged) {
      this.#merged.add(unitKey(unit));
    }
    if (elsewhere) {
      this.#suspects.set(unitKey(unit), unit);
    }
  }

  suspects(): Suspect[] {
    return [...this.#suspects].map(([key, { environment, target }]) => {
      return { environment, app: target.app, merged: this.#merged.has(key) ? target.version : undefined };
    });
  }
}

/** Takes back what was merged beside a hold, and tells of it in the outcomes. What fails of it is a failure of the run. */
export async function takeBackBeside(
  ops: Connected,
  suspects: readonly Suspect[],
  { runUrl, serverUrl, mergeMethod }: BumpRequest,
  patience: Patience,
  outcomes: Map<string, Outcome>,
  report: BumpReport,
): Promise<void> {
  if (suspects.length === 0) {
    return;
  }
  const { found, failures, warnings } = await enforceHolds(ops, suspects, { runUrl, serverUrl, mergeMethod, patience });
  report.failures.push(...failures);
  report.warnings.push(...warnings);
  for (const { hold, became, words, sentence } of found) {
    const key = `${hold.environment}/${hold.app}`;
    const outcome = outcomes.get(key);
    if (became !== 'stays' && outcome?.state === 'settled') {
      const result = { ...outcome.result, action: 'held' as const, reason: `${holdReason(hold)}; ${words}` };
      outcomes.set(key, { state: 'settled', result });
    } else {
      report.warnings.push(sentence);
    }
  }
}
