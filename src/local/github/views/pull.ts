import { isFromFork } from '../world/forks.js';
import { visibleMergeState } from '../world/mergeability.js';
import type { LabelRecord, PullRecord } from '../world/records.js';
import type { Repository } from '../world/repository.js';
import type { World } from '../world/world.js';
import { apiUrlOf, pageUrlOf, repositoryView } from './repository.js';
import { timestamp } from './timestamp.js';
import { userView } from './user.js';

/** A label as REST shows it. */
export function labelView(world: World, repository: Repository, label: LabelRecord) {
  return {
    id: label.id,
    node_id: `LA_${label.id}`,
    url: `${apiUrlOf(world, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    description: label.description,
    color: label.color,
    default: false,
  };
}

/** A pull request as lists and events show it (`pull-request-simple`). */
export function pullView(world: World, repository: Repository, pull: PullRecord) {
  const url = `${apiUrlOf(world, repository)}/pulls/${pull.number}`;
  const page = `${pageUrlOf(world, repository)}/pull/${pull.number}`;
  const issueUrl = `${apiUrlOf(world, repository)}/issues/${pull.number}`;
  const statusesUrl = `${apiUrlOf(world, repository)}/statuses/${pull.headOid}`;
  const assignees = pull.assignees.map((account) => userView(world, account));
  return {
    url,
    id: pull.id,
    node_id: `PR_${pull.id}`,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issueUrl,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${apiUrlOf(world, repository)}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: statusesUrl,
    number: pull.number,
    state: pull.state,
    locked: pull.locked,
    title: pull.title,
    user: userView(world, pull.author),
    body: pull.body,
    labels: pull.labels.map((label) => labelView(world, repository, label)),
    milestone: null,
    created_at: timestamp(pull.createdAt),
    updated_at: timestamp(pull.updatedAt),
    closed_at: pull.closedAt === undefined ? null : timestamp(pull.closedAt),
    merged_at: pull.mergedAt === undefined ? null : timestamp(pull.mergedAt),
    merge_commit_sha: pull.mergeCommit ?? null,
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: pull.requestedReviewers.map((account) => userView(world, account)),
    requested_teams: pull.requestedTeams.map((slug) => teamView(world, repository, slug)),
    head: branchView(world, pull.headRepository, pull.headRef, pull.headOid),
    base: branchView(world, repository, pull.baseRef, pull.baseOid),
    _links: {
      self: { href: url },
      html: { href: page },
      issue: { href: issueUrl },
      comments: { href: `${issueUrl}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${apiUrlOf(world, repository)}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statusesUrl },
    },
    author_association: isFromFork(repository, pull) ? 'FIRST_TIME_CONTRIBUTOR' : 'MEMBER',
    auto_merge: autoMergeView(world, pull),
    draft: pull.draft,
  };
}

/** One pull request with what only its own resource shows (`pull-request`). */
export async function fullPullView(world: World, repository: Repository, pull: PullRecord) {
  const state = await visibleMergeState(world, repository, pull);
  const files = await pullChanges(repository, pull);
  return {
    ...pullView(world, repository, pull),
    merged: pull.mergedAt !== undefined,
    mergeable: state === undefined ? null : state.mergeable,
    rebaseable: state === undefined ? null : state.mergeable,
    mergeable_state: state === undefined ? 'unknown' : state.status.toLowerCase(),
    merged_by: pull.mergedBy === undefined ? null : userView(world, pull.mergedBy),
    comments: [...repository.comments.values()].filter((comment) => comment.issue === pull.number).length,
    review_comments: 0,
    maintainer_can_modify: pull.maintainerCanModify,
    commits: (await pullCommits(repository, pull)).length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}

/** Ids of the commits a pull request brings, oldest first. */
export async function pullCommits(repository: Repository, pull: PullRecord): Promise<readonly string[]> {
  const base = await baseOf(repository, pull);
  return repository.history.list(['--topo-order', '--reverse', pull.headOid, `^${base}`]);
}

/** Files that a pull request changes, compared with its merge base. */
export async function pullChanges(repository: Repository, pull: PullRecord) {
  const from = await repository.history.mergeBase(await baseOf(repository, pull), pull.headOid);
  return from === undefined ? [] : repository.history.changes(from, pull.headOid);
}

/** The base commit of a pull request: the tip of the branch, or the one when it was closed. */
async function baseOf(repository: Repository, pull: PullRecord): Promise<string> {
  const tip = pull.state === 'open' ? await repository.branch(pull.baseRef) : undefined;
  return tip ?? pull.baseOid;
}

function branchView(world: World, repository: Repository, ref: string, sha: string) {
  return {
    label: `${repository.owner.login}:${ref}`,
    ref,
    sha,
    user: userView(world, repository.owner),
    repo: repositoryView(world, repository),
  };
}

function autoMergeView(world: World, { autoMerge }: PullRecord) {
  return autoMerge === undefined
    ? null
    : {
        enabled_by: userView(world, autoMerge.enabledBy),
        merge_method: autoMerge.method,
        commit_title: autoMerge.title ?? '',
        commit_message: autoMerge.message ?? '',
      };
}

function teamView(world: World, repository: Repository, slug: string) {
  const url = `${world.apiUrl}/orgs/${repository.owner.login}/teams/${encodeURIComponent(slug)}`;
  return {
    id: 1,
    node_id: `TEAM_${slug}`,
    url,
    members_url: `${url}/members{/member}`,
    name: slug,
    description: null,
    permission: 'push',
    html_url: url,
    repositories_url: `${url}/repos`,
    slug,
    type: 'organization',
    organization_id: repository.owner.id,
    parent: null,
  };
}
