import { releasePage } from '../../views/release.js';
import { pageUrlOf } from '../../views/repository.js';
import { timestamp } from '../../views/timestamp.js';
import { pullByNumber } from '../../world/pulls.js';
import type { ReleaseRecord } from '../../world/records.js';
import { Refusal } from '../../world/refusal.js';
import { latestRelease, listReleases } from '../../world/releases.js';
import { allows } from '../../world/world.js';
import { connection, type Paging } from '../connection.js';
import { demand, type RepositoryScope } from '../scope.js';
import { actorNode } from './actors.js';
import { type DeploymentArguments, deploymentsConnection } from './deployments.js';
import { type IssueArguments, issuesConnection, labelNode } from './issues.js';
import { commitAt, objectAt } from './objects.js';
import { type PullArguments, pullNode, pullsConnection } from './pulls.js';
import { protectionNode, type RefsArguments, refAt, refsConnection } from './refs.js';

/** A `Repository`. */
export function repositoryNode(scope: RepositoryScope) {
  const { world, repository, caller } = scope;
  const { settings } = repository;
  return {
    __typename: 'Repository',
    id: `R_${repository.id}`,
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: repository.fullName,
    owner: actorNode(scope, repository.owner),
    url: pageUrlOf(world, repository),
    resourcePath: `/${repository.fullName}`,
    sshUrl: `git@localhost:${repository.fullName}.git`,
    description: null,
    createdAt: timestamp(repository.createdAt),
    isPrivate: settings.private,
    visibility: settings.private ? 'PRIVATE' : 'PUBLIC',
    isArchived: settings.archived,
    isDisabled: false,
    isFork: repository.parent !== undefined,
    isLocked: false,
    isTemplate: false,
    isEmpty: async () => (await repository.refs.list('refs/heads/')).size === 0,
    autoMergeAllowed: settings.allowAutoMerge,
    mergeCommitAllowed: settings.mergeMethods.has('merge'),
    squashMergeAllowed: settings.mergeMethods.has('squash'),
    rebaseMergeAllowed: settings.mergeMethods.has('rebase'),
    deleteBranchOnMerge: settings.deleteBranchOnMerge,
    viewerDefaultMergeMethod: 'MERGE',
    viewerCanAdminister: caller.administers,
    viewerPermission: allows(caller, repository, ['contents'], 'write') ? 'WRITE' : 'READ',
    ...gitFields(scope),
    ...pullFields(scope),
    ...releaseFields(scope),
    deployments: (args: DeploymentArguments) => deploymentsConnection(scope, args),
  };
}

function gitFields(scope: RepositoryScope) {
  const { repository } = scope;
  return {
    defaultBranchRef: () => refAt(scope, `refs/heads/${repository.defaultBranch}`),
    object: ({ expression, oid }: { expression?: string | null; oid?: string | null }) => {
      const wanted = oid ?? expression;
      if (!wanted) {
        throw new Refusal(422, "One of the arguments 'expression' or 'oid' is required.", { type: 'ARGUMENT_ERROR' });
      }
      return objectAt(scope, wanted);
    },
    ref: ({ qualifiedName }: { qualifiedName: string }) => refAt(scope, qualifiedName),
    refs: (args: RefsArguments) => refsConnection(scope, args),
    branchProtectionRules: (paging: Paging) => {
      const rules = [...repository.protections];
      return connection('branchProtectionRules', rules, paging, ([pattern, rule]) =>
        protectionNode(scope, pattern, rule),
      );
    },
  };
}

function pullFields(scope: RepositoryScope) {
  const { repository } = scope;
  const pull = ({ number }: { number: number }) => {
    demand(scope, 'pull_requests');
    return pullNode(scope, pullByNumber(repository, number));
  };
  return {
    pullRequest: pull,
    issueOrPullRequest: pull,
    pullRequests: (args: PullArguments) => pullsConnection(scope, 'pullRequests', args),
    issues: (args: IssueArguments) => issuesConnection(scope, args),
    label: ({ name }: { name: string }) => {
      demand(scope, 'issues', 'pull_requests');
      const label = repository.labels.get(name.toLowerCase());
      return label === undefined ? null : labelNode(scope, label);
    },
    labels: (args: Paging & { query?: string | null }) => {
      demand(scope, 'issues', 'pull_requests');
      const query = args.query?.toLowerCase() ?? '';
      const labels = [...repository.labels.values()].filter(({ name }) => name.toLowerCase().includes(query));
      return connection('labels', labels, args, (label) => labelNode(scope, label));
    },
  };
}

function releaseFields(scope: RepositoryScope) {
  const { repository, caller } = scope;
  const visible = () => {
    demand(scope, 'contents');
    return listReleases(repository, allows(caller, repository, ['contents'], 'write'));
  };
  return {
    releases: (args: Paging & { orderBy?: { field: 'CREATED_AT' | 'NAME'; direction: 'ASC' | 'DESC' } | null }) => {
      const releases = visible();
      if (args.orderBy?.field === 'NAME') {
        releases.sort((a, b) => (b.name ?? b.tag).localeCompare(a.name ?? a.tag));
      }
      if (args.orderBy?.direction === 'ASC') {
        releases.reverse();
      }
      return connection('releases', releases, args, (release) => releaseNode(scope, release));
    },
    release: ({ tagName }: { tagName: string }) => {
      const release = visible().find(({ tag }) => tag === tagName);
      return release === undefined ? null : releaseNode(scope, release);
    },
    latestRelease: () => {
      visible();
      const release = latestRelease(repository);
      return release === undefined ? null : releaseNode(scope, release);
    },
  };
}

/** A `Release`. */
export function releaseNode(scope: RepositoryScope, release: ReleaseRecord) {
  demand(scope, 'contents');
  const { world, repository } = scope;
  return {
    __typename: 'Release',
    id: `RE_${release.id}`,
    databaseId: release.id,
    name: release.name,
    description: release.body,
    tagName: release.tag,
    url: releasePage(world, repository, release),
    isDraft: release.draft,
    isPrerelease: release.prerelease,
    isLatest: latestRelease(repository) === release,
    createdAt: timestamp(release.createdAt),
    updatedAt: timestamp(release.createdAt),
    publishedAt: release.publishedAt === undefined ? null : timestamp(release.publishedAt),
    author: actorNode(scope, release.author),
    tag: () => refAt(scope, `refs/tags/${release.tag}`),
    tagCommit: async () => {
      const oid = await repository.refs.get(`refs/tags/${release.tag}`);
      return oid === undefined ? null : commitAt(scope, oid);
    },
    repository: () => repositoryNode(scope),
  };
}
