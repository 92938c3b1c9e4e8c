import * as v from 'valibot';
import { type Connected, nameOf } from '../../../github/connected.js';
import { attempt } from '../../../github/errors.js';
import { nodesOf } from '../../../github/page.js';
import { repositoryReader } from '../../../github/repository-reader.js';
import { operationIn } from '../../../github/try-operation.js';
import { type OpenPull, readOpenPulls } from '../../judged-pulls/open-pulls.js';
import { MERGE_WHEN_ALLOWED } from '../../policy/merge-decision.js';
import { URGENT } from '../../pull-requests/as-urgent.js';
import { listPullRequests } from '../../repository/list-pull-requests.js';
import { ALL_CHECKS, allChecksSchema, type Checks, checksFrom } from './check.js';

/** An open pull request that is to be merged as soon as the policy allows it. */
export interface DuePull extends OpenPull {
  id: string;
  title: string;
  isDraft: boolean;
  isUrgent: boolean;
  isQueued: boolean;
  /** GitHub's `mergeStateStatus`. */
  mergeState: string;
  reported: Checks;
  /** Numbers of the other open pull requests into the default branch that have its head. */
  twins: readonly number[];
}

const stateSchema = v.object({
  number: v.number(),
  id: v.string(),
  title: v.string(),
  headRefOid: v.string(),
  isDraft: v.boolean(),
  isInMergeQueue: v.boolean(),
  mergeStateStatus: v.string(),
  labels: v.nullable(nodesOf(v.object({ name: v.string() }))),
  last: nodesOf(v.object({ commit: v.object({ statusCheckRollup: allChecksSchema }) })),
});
const STATE = `number id title headRefOid isDraft isInMergeQueue mergeStateStatus labels(first: 100) { nodes { name } }
  last: commits(last: 1) { nodes { commit { ${ALL_CHECKS} } } }`;

const headSchema = v.object({ number: v.number(), headRefOid: v.string() });

/**
 * The open pull requests into a branch that have the label, oldest first. One that was pushed to while they were read is left
 * out: the next round has it.
 *
 * @throws Error naming the permission that the token lacks
 */
export async function readDuePulls(ops: Connected, base: string): Promise<DuePull[]> {
  const reader = repositoryReader(ops.github, ops.repository, 'DuePulls');
  const list = `the open pull requests of ${nameOf(ops)}`;
  const open = { states: ['OPEN'], base, order: 'oldest first' } as const;
  const labelled = { ...open, label: MERGE_WHEN_ALLOWED, pageSize: 25, heavy: true };
  const permission = 'pull-requests: write" and "checks: read" and "statuses: read';
  return attempt(operationIn(ops.repository, 'read what is to be merged', permission), async () => {
    // Reads of one tick are one request.
    const [pulls, states, heads] = await Promise.all([
      readOpenPulls(reader, ops.repository, base, '', MERGE_WHEN_ALLOWED),
      all(listPullRequests(reader, list, labelled, STATE, stateSchema)),
      all(listPullRequests(reader, list, { ...open, pageSize: 100 }, 'number headRefOid', headSchema)),
    ]);
    return pulls.flatMap((pull) => {
      const state = states.find(({ number }) => number === pull.number);
      return state?.headRefOid === pull.head ? [toDue(pull, state, heads)] : [];
    });
  });
}

function toDue(
  pull: OpenPull,
  state: v.InferOutput<typeof stateSchema>,
  heads: readonly v.InferOutput<typeof headSchema>[],
): DuePull {
  const labels = (state.labels?.nodes ?? []).flatMap((node) => node?.name ?? []);
  const twins = heads.filter(({ number, headRefOid }) => headRefOid === pull.head && number !== pull.number);
  return {
    ...pull,
    ...{ id: state.id, title: state.title, isDraft: state.isDraft, isQueued: state.isInMergeQueue },
    ...{ mergeState: state.mergeStateStatus, isUrgent: labels.includes(URGENT) },
    reported: checksFrom(state.last.nodes?.[0]?.commit.statusCheckRollup ?? null),
    twins: twins.map(({ number }) => number),
  };
}

async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) {
    found.push(...page);
  }
  return found;
}
