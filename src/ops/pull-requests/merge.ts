import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import type { GitHub } from '../../github/client.js';
import { type MutationResults, runMutations } from '../../github/mutations.js';
import { chunks } from '../../runtime/chunks.js';
import type { MergeMethod, RepositoryState } from '../repository/repository-state.js';
import {
  BASE_HOLDS,
  holdsChangedAtMerge,
  holdsChangedSince,
  MERGED_HOLDS,
  mergedFields,
  mergedPullRequest,
  waitingFields,
  waitingPullRequest,
} from './holds-at-merge.js';
import { type Finishing, mergeMutations, mergeNow } from './merge-mutations.js';
import type { Patience } from './options.js';

/** How the merge of a pull request went. */
export type Merged =
  /** `holdsChanged`: it was merged onto other holds than those it was decided by, or nobody can tell. */
  | { state: 'merged'; holdsChanged: boolean }
  /** It will merge, or not, without us. `holdsChanged`: by now other holds are on than those it was decided by. */
  | { state: 'waiting'; reason: string; byItself?: boolean; holdsChanged?: boolean }
  /** It fell behind its base or conflicts with it: plan again on the new base. */
  | { state: 'again'; reason: string };

interface Waiting extends Finishing {
  /** What GitHub said when it last refused to merge. */
  refusal: string;
  /** Whether a merge was tried since the pull request has recorded the commit that is meant. */
  wasTried: boolean;
}

const stateSchema = v.object({
  id: v.string(),
  state: v.picklist(['OPEN', 'CLOSED', 'MERGED']),
  mergeStateStatus: v.string(),
  headRefOid: v.string(),
  isInMergeQueue: v.boolean(),
  headRef: v.nullable(v.object({ target: v.nullable(v.object({ oid: v.string() })) })),
  ...mergedFields,
  ...waitingFields,
});
const statesSchema = v.object({ nodes: v.array(v.nullable(stateSchema)) });

type PullRequestState = v.InferOutput<typeof stateSchema>;

const STATES = `query MergeStates($ids: [ID!]!) {
  nodes(ids: $ids) { ... on PullRequest { id state mergeStateStatus isInMergeQueue headRefOid headRef { target { oid } } ${MERGED_HOLDS} ${BASE_HOLDS} } }
}`;

/** GitHub takes no more ids than this ("You may not provide more than 100 node ids"). */
const IDS_A_DOCUMENT = 100;

/** A merge takes GitHub up to a second, and a document ten at most. */
const MERGES_A_DOCUMENT = 8;

/** Why one waits that GitHub merges. */
export const BY_ITSELF = 'merges by itself when its checks allow';

/** Git cannot merge it as both sides are. */
export const CONFLICTS = 'it conflicts with its base';

const BY_QUEUE = 'the merge queue merges it when its checks allow';

/** What GitHub answers to a direct merge where there is a merge queue. A classic rule with one is not seen before. */
const NEEDS_QUEUE = /through the merge queue/i;

/** States in which GitHub merges: checks that are not required may be pending or red. */
const MERGEABLE = new Set(['CLEAN', 'UNSTABLE', 'HAS_HOOKS']);

/**
 * How the first try, sent along with the finishing touches, went.
 *
 * @returns `undefined` where its state has to be read again
 */
export function firstTry(id: string, results: MutationResults, repo: RepositoryState): Merged | undefined {
  if (!repo.guarded) {
    return results.error(`${id}_merge`) === undefined ? mergedNow(`${id}_merge`, results, repo) : undefined;
  }
  return (repo.autoMergeAllowed || repo.mergeQueue) && results.error(`${id}_auto`) === undefined
    ? waitingNow(`${id}_auto`, results, repo)
    : undefined;
}

/** @param alias of an auto-merge that was turned on, or of what was put into the merge queue */
function waitingNow(alias: string, results: MutationResults, repo: RepositoryState): Merged {
  const holdsChanged = holdsChangedSince(waitingPullRequest(results.payload(alias, v.unknown())), repo);
  return { state: 'waiting', reason: repo.mergeQueue ? BY_QUEUE : BY_ITSELF, byItself: true, holdsChanged };
}

/** @param alias of a merge that went well */
function mergedNow(alias: string, results: MutationResults, repo: RepositoryState): Merged {
  const merged = mergedPullRequest(results.payload(alias, v.unknown()));
  return { state: 'merged', holdsChanged: holdsChangedAtMerge(merged, repo) };
}

/**
 * Sees to the merges that the first try left open: those that GitHub calls clean are merged now, those that are held
 * back are waited for.
 *
 * @returns one outcome for each, in order
 */
export async function waitForMerges(
  github: GitHub,
  repo: RepositoryState,
  method: MergeMethod,
  all: readonly Finishing[],
  { timeoutMs, pollMs }: Patience,
): Promise<Merged[]> {
  const outcomes = new Map<string, Merged>();
  const deadline = Date.now() + timeoutMs;
  let open: Waiting[] = all.map((finishing) => ({ ...finishing, refusal: '', wasTried: false }));
  for (let wait = 0; open.length > 0; wait = Math.min(pollMs * 10, wait === 0 ? pollMs : wait * 1.5)) {
    if (wait > 0) {
      await sleep(wait);
    }
    const states = await readStates(github, open);
    const ready: Waiting[] = [];
    for (const finishing of open) {
      const state = states.get(finishing.pullRequest.id);
      const outcome = judge(state, finishing, repo);
      if (outcome !== undefined) {
        outcomes.set(finishing.pullRequest.id, outcome);
      } else if (state !== undefined && hasFollowed(state, finishing) && isReady(state, finishing)) {
        finishing.wasTried = true;
        ready.push(finishing);
      }
    }
    for (const some of chunks(ready, MERGES_A_DOCUMENT)) {
      await tryMerges(github, repo, method, some, states, outcomes);
    }
    open = open.filter(({ pullRequest }) => !outcomes.has(pullRequest.id));
    if (Date.now() >= deadline) {
      for (const { pullRequest, refusal } of open) {
        outcomes.set(pullRequest.id, { state: 'waiting', reason: timedOut(timeoutMs, refusal) });
      }
      break;
    }
  }
  return all.map(({ pullRequest }) => outcomes.get(pullRequest.id) ?? { state: 'waiting', reason: '' });
}

async function tryMerges(
  github: GitHub,
  repo: RepositoryState,
  method: MergeMethod,
  ready: readonly Waiting[],
  states: ReadonlyMap<string, PullRequestState>,
  outcomes: Map<string, Merged>,
): Promise<void> {
  const isDirect = ({ pullRequest }: Finishing) =>
    !repo.mergeQueue && MERGEABLE.has(states.get(pullRequest.id)?.mergeStateStatus ?? '');
  const mutations = ready.flatMap((finishing, index) =>
    isDirect(finishing)
      ? [mergeNow(`m${index}_merge`, finishing, method)]
      : mergeMutations(`m${index}`, finishing, { ...repo, guarded: true }, method),
  );
  if (mutations.length === 0) {
    return;
  }
  const results = await runMutations(github, 'MergePullRequests', mutations);
  const queued: Waiting[] = [];
  for (const [index, finishing] of ready.entries()) {
    const alias = `m${index}_${isDirect(finishing) ? 'merge' : 'auto'}`;
    const error = results.error(alias);
    if (error !== undefined) {
      finishing.refusal = error.message;
      queued.push(...(!repo.mergeQueue && NEEDS_QUEUE.test(error.message) ? [finishing] : []));
    } else if (mutations.some((mutation) => mutation.alias === alias)) {
      const outcome: Merged = isDirect(finishing) ? mergedNow(alias, results, repo) : waitingNow(alias, results, repo);
      outcomes.set(finishing.pullRequest.id, outcome);
    }
  }
  if (queued.length > 0) {
    await tryMerges(github, { ...repo, mergeQueue: true }, method, queued, states, outcomes);
  }
}

/**
 * Whether the pull request has recorded the commit that its branch is at. GitHub takes up to ten seconds for it, and refuses
 * a merge until then: the branch itself tells that nobody else has pushed.
 */
function hasFollowed({ headRefOid }: PullRequestState, { headOid }: Finishing): boolean {
  return headRefOid === headOid;
}

/** One try in any case, which turns auto-merge on where that is possible; then when GitHub says that it would merge. */
function isReady({ mergeStateStatus }: PullRequestState, { wasTried }: Waiting): boolean {
  return !wasTried || MERGEABLE.has(mergeStateStatus);
}

/** What a pull request's state alone decides. */
function judge(state: PullRequestState | undefined, { headOid }: Finishing, repo: RepositoryState): Merged | undefined {
  if (state === undefined || state.state === 'CLOSED') {
    return { state: 'waiting', reason: 'somebody closed it meanwhile' };
  }
  if (state.state === 'MERGED') {
    return { state: 'merged', holdsChanged: holdsChangedAtMerge(state, repo) };
  }
  if (state.headRefOid !== headOid && state.headRef?.target?.oid !== headOid) {
    return { state: 'waiting', reason: 'somebody pushed to it meanwhile, so it waits for a person' };
  }
  if (holdsChangedSince(state, repo)) {
    return { state: 'waiting', reason: 'the holds changed while it waited', holdsChanged: true };
  }
  if (state.headRefOid !== headOid) {
    // What GitHub says of it is about the commit before, also that it is in the merge queue.
    return undefined;
  }
  if (state.isInMergeQueue) {
    return { state: 'waiting', reason: BY_QUEUE, byItself: true };
  }
  if (state.mergeStateStatus === 'DIRTY') {
    return { state: 'again', reason: CONFLICTS };
  }
  return state.mergeStateStatus === 'BEHIND' ? { state: 'again', reason: 'it is behind its base' } : undefined;
}

async function readStates(github: GitHub, open: readonly Finishing[]): Promise<Map<string, PullRequestState>> {
  const states = new Map<string, PullRequestState>();
  for (const some of chunks(open, IDS_A_DOCUMENT)) {
    const { nodes } = await github.query(statesSchema, STATES, { ids: some.map(({ pullRequest }) => pullRequest.id) });
    for (const node of nodes) {
      if (node !== null) {
        states.set(node.id, node);
      }
    }
  }
  return states;
}

function timedOut(timeoutMs: number, refusal: string): string {
  const said = refusal === '' ? '' : `; GitHub says: ${refusal}`;
  return `not merged within ${Math.round(timeoutMs / 1000)} s (merge-timeout), it waits for its checks or a person${said}`;
}
