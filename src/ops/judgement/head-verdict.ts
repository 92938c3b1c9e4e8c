import { checkTitle } from '../../report/check-title.js';
import { isoSeconds } from '../../report/time.js';
import type { GateVerdict } from './evaluate-change.js';

/** An open pull request, judged. */
export interface JudgedPull {
  number: number;
  head: string;
  verdicts: readonly GateVerdict[];
  /** Why it could not be judged, a sentence; `undefined` where it was. */
  problem: string | undefined;
}

/** What a check run of one commit says. */
export interface HeadVerdict {
  head: string;
  /** Whether the commit may be merged now. */
  isAllowed: boolean;
  /** One line: what it takes, what it waits for and until when, or why it is refused. */
  title: string;
  /** By pull request and environment. */
  pulls: readonly JudgedPull[];
}

/**
 * The verdict of each head: the worst over all open pull requests that have it, because a check run belongs to a commit and
 * GitHub would take it for any of them. A pull request whose head an older one has already is refused by name.
 */
export function headVerdicts(pulls: readonly JudgedPull[]): HeadVerdict[] {
  const byHead = new Map<string, JudgedPull[]>();
  for (const pull of [...pulls].sort((one, other) => one.number - other.number)) {
    byHead.set(pull.head, [...(byHead.get(pull.head) ?? []), pull]);
  }
  return [...byHead].map(([head, own]) => {
    const reason = refusalOf(own) ?? waitingOf(own);
    return {
      ...{ head, pulls: own, isAllowed: reason === undefined },
      title: checkTitle(reason ?? `Allowed: ${allowedOf(own)}`),
    };
  });
}

/** Why nothing but somebody's doing helps. */
function refusalOf(pulls: readonly JudgedPull[]): string | undefined {
  const [first, twin] = pulls;
  if (first !== undefined && twin !== undefined) {
    return `Refused: #${twin.number} has the same head as #${first.number}, which is older. Close #${twin.number}.`;
  }
  const problem = pulls.find((pull) => pull.problem !== undefined)?.problem;
  if (problem !== undefined) {
    return `Refused: ${problem}`;
  }
  const failed = verdictsOf(pulls).find(({ state }) => state === 'failure');
  return failed === undefined ? undefined : `Refused by ${failed.environment}: ${failed.reason}`;
}

function waitingOf(pulls: readonly JudgedPull[]): string | undefined {
  const waiting = verdictsOf(pulls).filter(({ state }) => state === 'pending');
  const last = waiting.sort(
    (one, other) => (other.until?.getTime() ?? Infinity) - (one.until?.getTime() ?? Infinity),
  )[0];
  if (last === undefined) {
    return undefined;
  }
  const until = last.until === undefined ? '' : `, until ${isoSeconds(last.until)}`;
  return `Not yet${until}: ${last.environment}: ${last.reason}`;
}

function allowedOf(pulls: readonly JudgedPull[]): string {
  const touched = verdictsOf(pulls).filter((verdict) => verdict.touched);
  return touched.length === 0
    ? 'it changes no environment.'
    : touched.map(({ environment, reason }) => `${environment}: ${reason}`).join(' ');
}

function verdictsOf(pulls: readonly JudgedPull[]): GateVerdict[] {
  return pulls.flatMap(({ verdicts }) => verdicts);
}
