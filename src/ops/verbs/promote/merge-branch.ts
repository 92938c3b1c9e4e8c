import { type Connected, nameOf } from '../../../github/connected.js';
import { explain, isRequestFailure } from '../../../github/errors.js';
import { readState, withLayers } from '../../overlays/app-state.js';
import { MERGE_WHEN_ALLOWED } from '../../policy/merge-decision.js';
import { BODY_LIMIT, bytesAround, withBlock } from '../../pull-requests/body-block.js';
import { decideOn } from '../../pull-requests/decide-merge.js';
import type { ProposeOptions } from '../../pull-requests/options.js';
import { DRY_RUN } from '../../pull-requests/outcome.js';
import type { Planned, PlannedChange } from '../../pull-requests/planned.js';
import type { ProposalResult } from '../../pull-requests/proposal.js';
import type { PullRequest } from '../../repository/pull-request.js';
import type { Snapshot } from '../../repository/snapshot.js';
import { type MergedVersions, type MergeFacts, mergeProblem } from './merge-facts.js';
import type { PromotionProposal } from './prepare.js';

/** A promotion that merges the branch of the environment before: the branch, and what it is to bring. */
export interface BranchPromotion {
  snapshot: Snapshot;
  /** The branch that is merged. */
  from: string;
  /** Its commit, by which all was decided. */
  head: string;
  /** The apps that were asked for. */
  named: readonly string[] | 'all';
  proposal: PromotionProposal;
}

type Result = ProposalResult<PromotionProposal>;

/**
 * Promotes by merging the branch of the environment before into that of the target: a pull request between the two, and a merge
 * commit where the policy lets it be merged now. What the merge would bring is told from the three commits that git merges, so that
 * a version is only promised where it comes.
 *
 * @throws Error where what is decided cannot come by a merge, with what to do; what a failed request throws
 */
export async function mergeBranch(promotion: BranchPromotion, options: ProposeOptions): Promise<Result> {
  const { snapshot, from, named, proposal } = promotion;
  const planned = await proposal.plan(snapshot.tree);
  if (planned.state === 'refused') {
    throw planned.error;
  }
  const [{ open }, facts] = await Promise.all([snapshot.branch(from), factsOf(promotion)]);
  if (facts.ahead === 0 && planned.state !== 'change') {
    return resultOf(promotion, planned, open, { action: 'unchanged', reason: reasonOf(planned) });
  }
  const { left } = proposal.decision;
  if (left.length > 0 && left.every(({ held }) => held)) {
    const reason = left.map(({ message }) => message).join(' ');
    return resultOf(promotion, planned, open, { action: 'held', reason: heldReason(reason, open) });
  }
  const problem = mergeProblem(facts, proposal.decision, { from, into: snapshot.repo.base, named });
  if (problem !== undefined) {
    throw new Error(problem);
  }
  if (options.dryRun) {
    const action = open === undefined ? 'created' : 'updated';
    return resultOf(promotion, planned, open, { action, reason: DRY_RUN, rehearsed: true });
  }
  const { pull, action } = await proposePull(promotion, planned, open);
  const merged = planned.state === 'change' ? await mergeNow(promotion, planned, pull, options) : '';
  return resultOf(promotion, planned, pull, merged === undefined ? { action: 'merged' } : { action, reason: merged });
}

function reasonOf(planned: Planned): string {
  return planned.state === 'nothing' ? planned.reason : '';
}

/** A pull request that people may merge all the same is named. */
function heldReason(reason: string, open: PullRequest | undefined): string {
  return open === undefined ? reason : `${reason} #${open.number} is open, and merging it goes past that: close it.`;
}

/** What git would merge: how much is new, and what the target has of the apps in the three commits. */
async function factsOf({ snapshot, from, head, proposal }: BranchPromotion): Promise<MergeFacts> {
  const { ops, repo, layout } = snapshot;
  const { environment, going } = proposal.decision;
  const { data } = await ops.github.octokit.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
    ...{ owner: ops.repository.owner, repo: ops.repository.name },
    basehead: `${repo.base}...${from}`,
    per_page: 1,
  });
  const versionAt = async (oid: string, app: string) => {
    const tree = snapshot.treeAt(oid);
    const state = await withLayers(tree, layout, await readState(tree, layout, environment.name, app));
    return state.deployed?.version ?? null;
  };
  const versions = await Promise.all(
    going.map(async ({ app, moved }): Promise<[string, MergedVersions]> => {
      const oids = [data.merge_base_commit.sha, repo.baseOid, head];
      const [base = null, into = null, brought = null] = await Promise.all(oids.map((oid) => versionAt(oid, app)));
      return [app, { wanted: moved.version, base, into, from: brought }];
    }),
  );
  return { ahead: data.ahead_by, versions: new Map(versions) };
}

/** Opens the pull request between the two branches, or brings the text of the one that is open up to date. */
async function proposePull(
  { snapshot, from, proposal }: BranchPromotion,
  planned: Planned,
  open: PullRequest | undefined,
): Promise<{ pull: Pick<PullRequest, 'number' | 'url'>; action: Result['action'] }> {
  const { ops, repo } = snapshot;
  const { owner, name } = ops.repository;
  const title = planned.state === 'change' ? proposal.title : `Merge ${from} into ${repo.base}`;
  const existing = open?.body ?? '';
  const text =
    planned.state === 'change'
      ? await proposal.body(planned, BODY_LIMIT - bytesAround(proposal.verb, existing))
      : `Brings what ${from} has besides versions of apps.`;
  const body = withBlock(proposal.verb, existing, proposal.key, text);
  if (open === undefined) {
    const { data } = await ops.github.octokit.request('POST /repos/{owner}/{repo}/pulls', {
      ...{ owner, repo: name, title, body },
      ...{ head: from, base: repo.base },
    });
    await label(ops, data.number, proposal.labels);
    return { pull: { number: data.number, url: data.html_url }, action: 'created' };
  }
  if (open.title === title && open.body === body) {
    return { pull: open, action: 'unchanged' };
  }
  await ops.github.octokit.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', {
    ...{ owner, repo: name, title, body },
    pull_number: open.number,
  });
  return { pull: open, action: 'updated' };
}

async function label({ github, repository }: Connected, number: number, labels: readonly string[]): Promise<void> {
  if (labels.length > 0) {
    await github.octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', {
      ...{ owner: repository.owner, repo: repository.name },
      ...{ issue_number: number, labels: [...labels] },
    });
  }
}

/**
 * Merges where that is wished and the policy allows it now, pinned to the head that was judged. It takes a merge commit: what is
 * squashed would conflict with the next promotion.
 *
 * @returns why it is not merged; empty where nobody wishes it, `undefined` where it is
 */
async function mergeNow(
  { snapshot, head, proposal }: BranchPromotion,
  planned: PlannedChange,
  { number }: Pick<PullRequest, 'number'>,
  { starters = [] }: ProposeOptions,
): Promise<string | undefined> {
  const { ops } = snapshot;
  const decision = await decideOn(snapshot, proposal, planned, starters);
  if (!decision.merges && decision.notYet === undefined) {
    return '';
  }
  if (decision.notYet !== undefined) {
    await label(ops, number, laterLabels(snapshot));
    return decision.notYet.fact;
  }
  try {
    await ops.github.octokit.request('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', {
      ...{ owner: ops.repository.owner, repo: ops.repository.name },
      ...{ pull_number: number, sha: head, merge_method: 'merge' },
    });
    return undefined;
  } catch (error) {
    if (!isRequestFailure(error)) {
      throw error;
    }
    const operation = { doing: 'merge', repository: nameOf(ops), permission: 'contents: write' };
    const explained = explain(error, operation);
    await label(ops, number, laterLabels(snapshot));
    return `GitHub does not merge it yet: ${explained instanceof Error ? explained.message : String(error)}`;
  }
}

/** By which it is merged later: what merges what is due looks at the branches of the policy's own repository. */
function laterLabels({ place }: Snapshot): string[] {
  return place.repository === undefined ? [MERGE_WHEN_ALLOWED] : [];
}

function resultOf(
  { proposal, head }: BranchPromotion,
  planned: Planned,
  pull: Pick<PullRequest, 'number' | 'url'> | undefined,
  done: { action: Result['action']; reason?: string; rehearsed?: boolean },
): Result {
  return {
    proposal,
    planned,
    number: pull?.number ?? null,
    url: pull?.url ?? '',
    // The gate asks who started the run that proposes it.
    ...(pull === undefined ? {} : { head }),
    commit: '',
    action: done.action,
    reason: done.reason ?? '',
    mergesByItself: false,
    rehearsed: done.rehearsed ?? false,
    holdsChanged: false,
  };
}
