import { setTimeout as sleep } from 'node:timers/promises';
import { type Connected, nameOf } from '../../../../github/connected.js';
import { durationOf } from '../../../../runtime/duration.js';
import { askOps, headOf } from '../ask/ask-ops.js';
import { askProblem } from '../ask/ask-problem.js';
import { changesPreview } from '../ask/own-files.js';
import type { PreviewRequest } from '../ask/request-record.js';
import type { Decision } from '../plan/decision.js';
import type { Planned } from './planned.js';

/** How an apps repository asks, where ops alone writes previews. */
export interface AskSettings {
  request: PreviewRequest;
  /** Name of the preview that the run is about; `undefined` for all of the repository. */
  own: string | undefined;
  /** How long to wait for ops at most, and between two looks, in milliseconds. */
  timeoutMs: number;
  pollMs: number;
  /** Page of the ops repository in a browser. */
  opsPage: string;
}

/** When ops was asked, and how long it took until everything was there; `undefined` where it did not come in time. */
export interface Asked {
  at: Date;
  tookMs: number | undefined;
}

/** What came of asking. */
export interface Answer {
  /** The plan afterwards: what is left in it, ops has not done. */
  planned: Planned;
  /** What the run may say of previews: nothing that is not there. */
  decisions: Decision[];
  /** `undefined` where ops would refuse it, so that it was not asked. */
  asked: Asked | undefined;
}

/**
 * Asks ops to write what is planned, and waits until it is there. What ops would refuse by its policy is a failure at once, and so is
 * what does not come in time: nothing is taken for done but what is read back from the branch.
 *
 * @param first a plan that writes something
 * @param replan reads and plans again
 * @throws Error for people when ops cannot be asked or read
 */
export async function askForPreviews(
  ops: Connected,
  settings: AskSettings,
  first: Planned,
  replan: () => Promise<Planned>,
): Promise<Answer> {
  const { request, timeoutMs, pollMs } = settings;
  const { open, requested } = first;
  const problem = await askProblem(open, request.repository, requested.requested);
  if (problem !== undefined) {
    return { planned: first, decisions: decisionsAfter(settings, first, first, problem), asked: undefined };
  }
  const at = new Date();
  const tookMs = () => Date.now() - at.getTime();
  await askOps(ops, request);
  let [planned, seen] = [first, first.state.branch.head];
  while (awaited(planned, settings).length > 0) {
    if (tookMs() + pollMs > timeoutMs) {
      const late = lateReason(nameOf(ops), settings);
      return { planned, decisions: decisionsAfter(settings, first, planned, late), asked: { at, tookMs: undefined } };
    }
    await sleep(pollMs);
    const head = await headOf(ops, first.previews.branch);
    if (head !== seen) {
      planned = await replan();
      seen = planned.state.branch.head;
    }
  }
  return { planned, decisions: decisionsAfter(settings, first, planned, ''), asked: { at, tookMs: tookMs() } };
}

/** The previews that the run waits for: its own, or all of the repository, as far as files of them are still to be written. */
function awaited({ plan }: Planned, { own, request }: AskSettings): string[] {
  const isOfRun = ({ name, repository }: Decision) =>
    own === undefined ? repository.toLowerCase() === request.repository.toLowerCase() : name === own;
  return plan.decisions.filter(isOfRun).flatMap(({ name }) => (changesPreview(plan.change, name) ? [name] : []));
}

/**
 * What may be said: of a preview that the run asked for and that is there, what was decided at first; of one that is not, that it
 * failed; of others what is there, and nothing of what is only planned.
 */
function decisionsAfter(settings: AskSettings, first: Planned, last: Planned, reason: string): Decision[] {
  const missing = awaited(last, settings);
  const asked = awaited(first, settings);
  const done = first.plan.decisions.filter(({ name }) => asked.includes(name) && !missing.includes(name));
  const now = new Map(last.plan.decisions.map((decision) => [decision.name, decision]));
  const failed = last.plan.decisions
    .filter(({ name }) => missing.includes(name))
    .map(
      (decision): Decision => ({
        ...decision,
        action: 'failed',
        state: before(last, decision),
        reason,
        preview: undefined,
      }),
    );
  const others = last.plan.decisions.filter(
    ({ name }) => !asked.includes(name) && !missing.includes(name) && !changesPreview(last.plan.change, name),
  );
  return [...done.map((decision) => withState(decision, now.get(decision.name))), ...failed, ...others].sort(byName);
}

/** The first decision about a preview with the state that it has come to, where that is another one. */
function withState(decision: Decision, now: Decision | undefined): Decision {
  return now === undefined || now.state === decision.state
    ? { ...decision, record: now?.record ?? decision.record, position: now?.position ?? decision.position }
    : now;
}

/** The state of a preview as the branch has it. */
function before({ records }: Planned, { name }: Decision): Decision['state'] {
  return records.find((record) => record.name === name)?.state ?? 'gone';
}

function byName(one: Decision, other: Decision): number {
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
}

function lateReason(repository: string, { timeoutMs, opsPage }: AskSettings): string {
  return (
    `${repository} was asked, and has not written it within ${durationOf(timeoutMs)}. Look at what its workflow says: ` +
    `${opsPage}/actions/workflows/preview-requests.yml. What it refuses, it says there; what got lost, its next sweep makes good.`
  );
}
