import { type Exemption, exemptionFor, exemptionsOf, touchedPaths } from '../../judgement/exemption.js';
import type { HeldVersion } from '../../judgement/held-versions.js';
import { type Approvals, judge, type Move, type Verdict } from '../../judgement/judge.js';
import { ridersOf, wholeExemption, withRiding } from '../../judgement/riders.js';
import { activeHolds, type Hold } from '../../policy/holds.js';
import { environmentPolicy } from '../../policy/policy.js';
import type { HeldOnce } from '../../policy/rules.js';
import type { Inspection } from './inspect.js';

/** What the policy has to know of a change besides its files. */
export interface Proposed {
  /** Messages of its commits. */
  messages: readonly string[];
  approvals(approvers: readonly string[]): Promise<Approvals>;
}

/** Reads what an environment held of an app, from the history of the default branch. */
export type History = (environment: string, app: string) => Promise<HeldOnce>;

/**
 * The verdict of each environment on the change at this time, the environments of the policy first. The history is read
 * only where a version moves into an environment that comes after another.
 *
 * @throws what a failed request throws
 */
export async function evaluate(
  history: History,
  inspection: Inspection,
  proposed: Proposed,
  now: Date,
): Promise<Verdict[]> {
  const { policy, environments, touched, ruled } = inspection;
  return Promise.all(
    [...new Set([...environments, ...touched])].map(async (name) => {
      const rules = environmentPolicy(policy, name);
      const held = inspection.held.filter(({ environment }) => environment === name);
      const exemptions = exemptionsOf(proposed.messages, name);
      const moving = held.filter((each) => each.moves);
      const moves = await Promise.all(
        moving.map(async (move): Promise<Move> => {
          const before = rules.after.map(
            async (each): Promise<[string, HeldOnce]> => [each, await history(each, move.app)],
          );
          const exemption = exemptionFor(exemptions, move);
          return {
            ...move,
            before: new Map(await Promise.all(before)),
            holds: holdsOn(inspection, move, exemption, now),
            exempt: exemption?.reason,
          };
        }),
      );
      const riders = await ridersOf(
        { ...inspection, environment: name, paths: touchedPaths({ ...inspection, environment: name }) },
        moving.map((move) => ({
          ...{ app: move.app, targets: move.targets },
          isBack: exemptionFor(exemptions, move)?.isRollback === true,
        })),
      );
      const approvals = await proposed.approvals(touched.has(name) || ruled.has(name) ? rules.approvers : []);
      const verdict = judge({
        ...{ policy: rules, touched: touched.has(name), ruled: ruled.has(name), moves, approvals, now },
        exempt: wholeExemption(
          riders,
          moves.map(({ exempt }) => exempt),
        ),
      });
      return withRiding(verdict, riders);
    }),
  );
}

/**
 * The holds that a version has to keep to: all that are on and all after the change, so that a hold is lifted in a change of
 * its own, before. Only a rollback may replace a hold.
 */
function holdsOn(
  { currentHolds, holds }: Inspection,
  { environment, app }: HeldVersion,
  exemption: Exemption | undefined,
  now: Date,
): Hold[] {
  if (exemption?.isRollback === true) {
    return activeHolds(holds, environment, app, now).slice(0, 1);
  }
  return [currentHolds, holds].flatMap((list) => activeHolds(list, environment, app, now));
}
