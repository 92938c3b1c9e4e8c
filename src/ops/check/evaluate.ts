import { type LedgerHead, type LedgerSource, readLedger } from '../ledger/read-ledger.js';
import { environmentPolicy } from '../policy.js';
import type { HeldOnce } from '../promotion/rules.js';
import { parseTrailers } from '../trailers.js';
import type { Inspection } from './inspect.js';
import { type Approvals, judge, type Verdict } from './judge.js';

/** What the policy has to know of a change beside its files. */
export interface Proposed {
  /** Messages of its commits. */
  messages: readonly string[];
  approvals(approvers: readonly string[]): Promise<Approvals>;
}

/**
 * Whether each environment takes the change at this time. What environments before it held is read from the history of
 * the default branch, only where a version moves into an environment that comes after another.
 *
 * @throws what a failed request throws
 */
export async function evaluate(
  source: LedgerSource,
  head: LedgerHead,
  inspection: Inspection,
  proposed: Proposed,
  now: Date,
): Promise<Verdict[]> {
  const { policy, environments, touched, ruled, moves, holds, layout } = inspection;
  return Promise.all(
    [...new Set([...environments, ...touched])].map(async (name) => {
      const rules = environmentPolicy(policy, name);
      const own = await Promise.all(
        moves
          .filter(({ environment }) => environment === name)
          .map(async (move) => {
            const before = await Promise.all(
              rules.after.map(
                async (each): Promise<[string, HeldOnce]> => [
                  each,
                  await readLedger(source, head, layout, each, move.app),
                ],
              ),
            );
            return { ...move, before: new Map(before) };
          }),
      );
      const approvals = await proposed.approvals(touched.has(name) || ruled.has(name) ? rules.approvers : []);
      return judge({
        ...{ policy: rules, touched: touched.has(name), ruled: ruled.has(name), moves: own, holds, approvals, now },
        exempt: exemption(proposed.messages, name),
      });
    }),
  );
}

/**
 * Whether a verb of ours went past the rules on purpose: a rollback, or a promotion that somebody forced. Trailers are
 * words that anyone who may push can write, as anyone who may push can start those verbs; approvals are still asked for.
 */
function exemption(messages: readonly string[], environment: string): string | undefined {
  for (const message of [...messages].reverse()) {
    const trailers = parseTrailers(message);
    if (trailers?.environment === environment && trailers.forcedBy !== undefined) {
      return `forced by ${trailers.forcedBy}${trailers.reason === undefined ? '' : `: ${trailers.reason}`}`;
    }
    if (trailers?.environment === environment && trailers.action === 'rollback') {
      return 'a rollback';
    }
  }
  return undefined;
}
