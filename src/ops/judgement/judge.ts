import type { Hold } from '../policy/holds.js';
import type { PolicyEnvironment } from '../policy/policy.js';
import { freezeRefusal, type HeldOnce, holdRefusal, orderRefusal, type Refusal, type Wanted } from '../policy/rules.js';

/** Who has approved a change, of those that an environment's policy names. */
export interface Approvals {
  /** Logins of approvers who approved the change as it is now. */
  given: readonly string[];
  /** Logins of approvers who ask for changes. */
  refused: readonly string[];
  /** Why the answer is not known, a sentence; `undefined` where it is. */
  problem: string | undefined;
}

/** An app's version that a change sets in an environment. */
export interface Move extends Wanted {
  /** What becomes of the app's charts, for people: `chart ingress-nginx 4.9.0 -> 4.10.1`; missing for none. */
  charts?: readonly string[];
  /** What the environments that come before hold of it, by name. */
  before: ReadonlyMap<string, HeldOnce>;
  /** The holds of it that are on. */
  holds: readonly Hold[];
  /** Why it may go past the order and the soak time, for people: `a rollback`; `undefined` where it may not. */
  exempt: string | undefined;
}

/** What a change does to one environment. */
export interface EnvironmentCase {
  policy: PolicyEnvironment;
  /** Whether the change can alter what runs in the environment. */
  touched: boolean;
  /** Whether the environment's own rules change. The old ones are in force until then, and ask only for their approvals. */
  ruled: boolean;
  moves: readonly Move[];
  approvals: Approvals;
  /** Why all of the change may go past freezes, for people: `a rollback`; `undefined` where it may not. */
  exempt: string | undefined;
  now: Date;
}

/** Whether an environment takes a change: one commit status. */
export interface Verdict {
  environment: string;
  state: 'success' | 'pending' | 'failure';
  /** Whether the change alters what runs in the environment, or the environment's rules. */
  touched: boolean;
  /** One line, at most 140 characters. */
  line: string;
  /** The whole reason. */
  reason: string;
  /** What becomes of charts, for people; missing for none. */
  charts?: readonly string[];
}

/** GitHub's limit for the description of a commit status. */
const MOST_CHARACTERS = 140;

/**
 * Whether an environment takes a change now. What passes with time or with an approval is pending; where somebody has to
 * change something it is a failure. An exemption from other rules does not replace approvals.
 */
export function judge(environment: EnvironmentCase): Verdict {
  const charts = environment.moves.flatMap((move) => move.charts ?? []);
  return { ...judged(environment), ...(charts.length === 0 ? {} : { charts }) };
}

function judged({ policy, touched, ruled, moves, approvals, exempt, now }: EnvironmentCase): Verdict {
  const { name } = policy;
  if (!touched && !ruled) {
    return { ...verdict(name, 'success', 'No change.'), touched: false };
  }
  const held = moves.flatMap(({ app, version, holds }) =>
    holds.flatMap((hold) => (hold.version === version ? [] : (holdRefusal([hold], name, app, now) ?? []))),
  );
  const frozen = touched && exempt === undefined ? freezeRefusal(policy, now) : undefined;
  const early = moves.flatMap((move) =>
    move.exempt === undefined ? (orderRefusal(policy, move, move.before, now) ?? []) : [],
  );
  const refusals: Refusal[] = [...held, ...early, ...(frozen === undefined ? [] : [frozen])];
  const refusal = refusals.find(({ until }) => until === undefined) ?? refusals[0];
  if (refusal !== undefined) {
    const { fact, message, sooner } = refusal;
    // Nobody has to run a check again: the next run on a schedule sets the status.
    return sooner === undefined
      ? verdict(name, 'failure', message)
      : verdict(name, 'pending', `${fact} It passes by itself then. To merge it sooner, ${sooner}.`);
  }
  if (approvals.refused.length > 0) {
    return verdict(name, 'pending', `${approvals.refused.join(', ')} requested changes.`);
  }
  const missing = policy.approvers.length === 0 ? 0 : policy.approvals - approvals.given.length;
  if (missing > 0) {
    const have = `${approvals.given.length} of ${policy.approvals} ${policy.approvals === 1 ? 'approval' : 'approvals'}`;
    const why = approvals.problem === undefined ? '' : ` ${approvals.problem}`;
    return verdict(name, 'pending', `${have}: waits for ${policy.approvers.join(' or ')}.${why}`);
  }
  return verdict(name, 'success', passed(moves, approvals, policy, exempt, ruled));
}

function passed(
  moves: readonly Move[],
  { given }: Approvals,
  policy: PolicyEnvironment,
  exempt: string | undefined,
  ruled: boolean,
) {
  const what = moves.map(moveLabel).join(', ');
  const parts = [
    what === '' ? 'No version changes' : `Takes ${what}`,
    ...(ruled ? ['its rules change'] : []),
    ...new Set([exempt, ...moves.map((move) => move.exempt)].filter((reason) => reason !== undefined)),
    ...(policy.approvers.length === 0 ? [] : [`approved by ${given.join(', ')}`]),
  ];
  return `${parts.join('; ')}.`;
}

/** `shop 1.5.0`, `shop 1.5.0 (chart common 2.0.0 -> 2.1.0)`; `chart redis 1.0.0 -> 1.1.0` where that is all of an app. */
function moveLabel({ app, version, charts = [] }: Move): string {
  const label = `${app} ${version ?? ''}`.trim();
  if (charts.length === 0) {
    return label;
  }
  const isAll = charts.length === 1 && charts[0]?.startsWith(`chart ${app} `) && charts[0].endsWith(` ${version}`);
  return isAll ? charts.join() : `${label} (${charts.join(', ')})`;
}

function verdict(environment: string, state: Verdict['state'], reason: string): Verdict {
  const line = reason.length <= MOST_CHARACTERS ? reason : `${reason.slice(0, MOST_CHARACTERS - 1).trimEnd()}…`;
  return { environment, state, touched: true, line, reason };
}
