import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { type CheckRun, checkRunsOf } from '../github/check-runs.js';
import type { Connected } from '../github/connected.js';
import { attempt } from '../github/errors.js';
import { operationIn } from '../github/try-operation.js';
import { checkTitle } from '../report/check-title.js';
import { type DeliveryEvent, sentence } from './event.js';

/** Name of the check runs in which it is kept who was told of what. */
export const NOTIFY_CHECK = 'oStack / notify';

/** What an attempt to tell a receiver came to; `claimed` while it goes on, or where its run was stopped. */
export const MARK_STATES = ['claimed', 'told', 'failed', 'given-up', 'unclear', 'withdrawn'] as const;

export type MarkState = (typeof MARK_STATES)[number];

/** An attempt to tell a receiver of an event, kept on the commit of the event. */
export interface Mark {
  /** Rises with time: of two, the one with the smaller id was made first. */
  id: number;
  /** Of which event and receiver it is. */
  key: string;
  state: MarkState;
  /** Rollbar's number of the deploy. */
  deploy: number | undefined;
}

/** Where marks are kept. Each of them is written before its message is sent, and settled after it. */
export interface Marks {
  /** All of a commit, oldest first. */
  read(commit: string): Promise<Mark[]>;
  /** Makes one, `claimed`. */
  claim(event: DeliveryEvent, key: string, receiver: string): Promise<Mark>;
  settle(mark: Mark, state: Exclude<MarkState, 'claimed'>, detail: string, deploy?: number): Promise<void>;
}

/** What tells a mark: the event and the name of the receiver. GitHub shows it to nobody. */
export function markKey(event: string, receiver: string): string {
  return createHash('sha256').update(`${receiver}\n${event}`).digest('hex').slice(0, 40);
}

const keptSchema = v.object({ state: v.picklist(MARK_STATES), deploy: v.optional(v.number()) });

/** Most check runs of the name that are read. */
const MOST_RUNS = 2000;

/**
 * Marks as check runs, which Apps alone can write.
 *
 * @param app slug of the App whose token this has: what another one wrote is none
 * @param detailsUrl page of this run
 */
export function checkRunMarks(connected: Connected, app: string, detailsUrl: string): Marks {
  const { github, repository } = connected;
  const { owner, name: repo } = repository;
  const writing = operationIn(repository, 'write check runs', 'checks: write');
  const details = detailsUrl === '' ? {} : { details_url: detailsUrl };
  return {
    read: (commit) =>
      attempt(operationIn(repository, 'read check runs', 'checks: write'), async () => {
        const found: CheckRun[] = [];
        for await (const run of checkRunsOf(connected, commit, { check_name: NOTIFY_CHECK, filter: 'all' })) {
          if (found.push(run) > MOST_RUNS) {
            throw new Error(
              `${commit} has more than ${MOST_RUNS} check runs "${NOTIFY_CHECK}", which is too many to read.`,
            );
          }
        }
        return found.flatMap((run) => markOf(run, app) ?? []).sort((one, other) => one.id - other.id);
      }),
    claim: (event, key, receiver) =>
      attempt(writing, async () => {
        const { data } = await github.octokit.request('POST /repos/{owner}/{repo}/check-runs', {
          ...{ owner, repo, name: NOTIFY_CHECK, head_sha: event.commit, external_id: key, status: 'in_progress' },
          output: {
            title: checkTitle(`${receiver}: ${sentence(event)}`),
            summary: 'Being told.',
            text: kept('claimed'),
          },
          ...details,
        });
        return { id: v.parse(v.object({ id: v.number() }), data).id, key, state: 'claimed', deploy: undefined };
      }),
    settle: (mark, state, detail, deploy) =>
      attempt(writing, async () => {
        const conclusion = state === 'told' ? 'success' : 'neutral';
        await github.octokit.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
          ...{ owner, repo, check_run_id: mark.id, status: 'completed', conclusion, ...details },
          output: { title: checkTitle(detail), summary: detail, text: kept(state, deploy) },
        });
      }),
  };
}

function kept(state: MarkState, deploy?: number): string {
  return JSON.stringify({ state, ...(deploy === undefined ? {} : { deploy }) });
}

/** `undefined` for what is none of ours. One that cannot be read is a claim that nobody settled. */
function markOf({ id, name, external_id: key, app, output }: CheckRun, own: string): Mark | undefined {
  if (name !== NOTIFY_CHECK || app?.slug !== own || key === null || key === undefined) {
    return undefined;
  }
  let written: unknown;
  try {
    written = JSON.parse(output.text ?? '');
  } catch {
    written = undefined;
  }
  const parsed = v.safeParse(keptSchema, written);
  const { state, deploy } = parsed.success ? parsed.output : { state: 'claimed' as const, deploy: undefined };
  return { id, key, state, deploy };
}
