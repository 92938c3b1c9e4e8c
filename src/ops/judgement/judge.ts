import { shortLine } from '../../report/short-line.js';
import { isoSeconds } from '../../report/time.js';
import { frozenUntil } from '../policy/freeze.js';
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
  /** How many are needed; as many as the policy asks for where it is missing. */
  needed?: number;
  /** Approvals that do not count and why, sentences. */
  uncounted?: readonly string[];
  /** Why no approval helps, a sentence. */
  refusal?: string | undefined;
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
  /** Roots of the infrastructure that it changes; missing where it is about versions. */
  roots?: readonly string[];
  approvals: Approvals;
  /** Why all of the change may go past freezes, for people: `a rollback`; `undefined` where it may not. */
  exempt: string | undefined;
  /** Why nobody can judge it, sentences. */
  problems?: readonly string[];
  /** What is awaited of the evidence that its images take, sentences. */
  waiting?: readonly string[];
  /** What is to be said of it although it is let in, sentences. */
  remarks?: readonly string[];
  /** A freeze that is about to begin, and whether the change is being merged before, or was to be and is not. */
  soon?: { at: Date; isMerging: boolean; isLate?: boolean; isLastMinute?: boolean } | undefined;
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
  /** Why not, without what somebody can do about it; missing where that is all of the reason. */
  fact?: string;
  /** What becomes of charts, for people; missing for none. */
  charts?: readonly string[];
  /** When a verdict that is pending passes by itself; missing where it does not. */
  until?: Date;
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

function judged(environment: EnvironmentCase): Verdict {
  const { policy, touched, ruled, approvals, problems = [], waiting = [] } = environment;
  const { name } = policy;
  if (!touched && !ruled && problems.length + waiting.length === 0) {
    return { ...verdict(name, 'success', 'No change.'), touched: false };
  }
  if (problems.length > 0) {
    return verdict(name, 'failure', problems.join(' '));
  }
  const refusal = firstRefusal(environment);
  if (refusal !== undefined) {
    const { fact, message, sooner, until } = refusal;
    if (sooner === undefined) {
      return { ...verdict(name, 'failure', message), fact };
    }
    // Nobody has to run a check again: the next run on a schedule sets the status.
    const reason = `${fact} It passes by itself then. To merge it sooner, ${soonerWay(environment, refusal.rule, sooner)}.`;
    return { ...verdict(name, 'pending', reason), fact, ...(until === undefined ? {} : { until }) };
  }
  if (waiting.length > 0) {
    return verdict(name, 'pending', waiting.join(' '));
  }
  return (
    withoutApproval(policy, approvals) ?? aboutToFreeze(environment) ?? verdict(name, 'success', passed(environment))
  );
}

function firstRefusal({ policy, touched, moves, exempt, now }: EnvironmentCase): Refusal | undefined {
  const held = moves.flatMap(({ app, version, holds }) =>
    holds.flatMap((hold) => (hold.version === version ? [] : (holdRefusal([hold], policy.name, app, now) ?? []))),
  );
  const frozen = touched && exempt === undefined ? freezeRefusal(policy, now) : undefined;
  const early = moves.flatMap((move) =>
    move.exempt === undefined ? (orderRefusal(policy, move, move.before, now) ?? []) : [],
  );
  const refusals: Refusal[] = [...held, ...early, ...(frozen === undefined ? [] : [frozen])];
  // What somebody has to do something about comes before what passes by itself.
  return refusals.find(({ until, sooner }) => until === undefined && sooner === undefined) ?? refusals[0];
}

/** `force` is of promotions: it helps what sets a version in an environment that comes after another, and nothing else. */
function soonerWay({ policy: { after }, moves }: EnvironmentCase, rule: Refusal['rule'], sooner: string): string {
  return rule === 'freeze' && (moves.length === 0 || after.length === 0)
    ? 'end the freeze in ostack.yaml first'
    : sooner;
}

function withoutApproval(
  { name, approvers, approvals: asked }: PolicyEnvironment,
  approvals: Approvals,
): Verdict | undefined {
  if (approvals.refusal !== undefined) {
    return verdict(name, 'failure', approvals.refusal);
  }
  if (approvals.refused.length > 0) {
    return verdict(name, 'pending', `${approvals.refused.join(', ')} requested changes.`);
  }
  const { needed = asked, uncounted = [] } = approvals;
  if (approvers.length === 0 || approvals.given.length >= needed) {
    return undefined;
  }
  const have = `${approvals.given.length} of ${needed} ${needed === 1 ? 'approval' : 'approvals'}`;
  const why = [...uncounted, ...(approvals.problem === undefined ? [] : [approvals.problem])];
  return verdict(name, 'pending', [`${have}: waits for ${approvers.join(' or ')}.`, ...why].join(' '));
}

/**
 * What is said of a change that was let in within the hour before a freeze, and that GitHub did not merge. By this it is known
 * again: let in time after time, it would be allowed when the freeze begins.
 */
export function lateReason(environment: string, freezesAt: Date): string {
  return `GitHub did not merge it in its time before ${environment} freezes at ${isoSeconds(freezesAt)}: merge it after the freeze, or turn auto-merge off and on again.`;
}

function aboutToFreeze({ policy: { name, freeze }, touched, exempt, soon }: EnvironmentCase): Verdict | undefined {
  if (soon === undefined || soon.isMerging || !touched || exempt !== undefined) {
    return undefined;
  }
  const reason =
    soon.isLate === true
      ? lateReason(name, soon.at)
      : soon.isLastMinute === true
        ? `${name} freezes at ${isoSeconds(soon.at)}, too soon for a merge to be over by then: merge it after the freeze.`
        : `${name} freezes at ${isoSeconds(soon.at)}, within the hour: until then it takes only what GitHub merges at once. Enable auto-merge.`;
  const until = frozenUntil(freeze, soon.at);
  return { ...verdict(name, 'pending', reason), ...(until === undefined ? {} : { until }) };
}

function passed({ moves, roots, approvals: { given }, policy, exempt, ruled, remarks = [] }: EnvironmentCase): string {
  const what = [...moves.map(moveLabel), ...(roots ?? [])].join(', ');
  const parts = [
    what === '' ? `No ${roots === undefined ? 'version' : 'root'} changes` : `Takes ${what}`,
    ...(ruled ? ['its rules change'] : []),
    ...new Set([exempt, ...moves.map((move) => move.exempt)].filter((reason) => reason !== undefined)),
    ...(policy.approvers.length === 0 || given.length === 0 ? [] : [`approved by ${given.join(', ')}`]),
  ];
  return [`${parts.join('; ')}.`, ...remarks].join(' ');
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
  return { environment, state, touched: true, line: shortLine(reason, MOST_CHARACTERS), reason };
}
