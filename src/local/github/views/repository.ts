import { forksOf } from '../world/forks.js';
import type { Repository } from '../world/repository.js';
import type { World } from '../world/world.js';
import { userView } from './user.js';

/** URL of a repository's REST resources. */
export function apiUrlOf(world: World, repository: Repository): string {
  return `${world.apiUrl}/repos/${repository.fullName}`;
}

/** URL of a repository's page. */
export function pageUrlOf(world: World, repository: Repository): string {
  return `${world.serverUrl}/${repository.fullName}`;
}

/** A repository as REST shows it (`full-repository`, which holds `minimal-repository` and `repository`). */
export function repositoryView(world: World, repository: Repository) {
  const url = apiUrlOf(world, repository);
  const page = pageUrlOf(world, repository);
  const { settings } = repository;
  const created = repository.createdAt.toISOString();
  const forks = forksOf(world, repository).length;
  return {
    id: repository.id,
    node_id: `R_${repository.id}`,
    name: repository.name,
    full_name: repository.fullName,
    owner: userView(world, repository.owner),
    private: settings.private,
    html_url: page,
    description: null,
    fork: repository.parent !== undefined,
    url,
    ...links(url),
    git_url: `${page.replace(/^http/, 'git')}.git`,
    ssh_url: `git@localhost:${repository.fullName}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    forks_count: forks,
    forks,
    stargazers_count: 0,
    watchers_count: 0,
    watchers: 0,
    size: 0,
    default_branch: repository.defaultBranch,
    open_issues_count: 0,
    open_issues: 0,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    archived: settings.archived,
    disabled: false,
    visibility: settings.private ? 'private' : 'public',
    created_at: created,
    updated_at: created,
    pushed_at: created,
    allow_rebase_merge: settings.mergeMethods.has('rebase'),
    allow_squash_merge: settings.mergeMethods.has('squash'),
    allow_merge_commit: settings.mergeMethods.has('merge'),
    allow_auto_merge: settings.allowAutoMerge,
    delete_branch_on_merge: settings.deleteBranchOnMerge,
    license: null,
    topics: [],
    network_count: 0,
    subscribers_count: 0,
  };
}

/** The URL templates every repository carries: the name of the field, then what follows the repository's URL. */
function links(url: string) {
  return {
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
  };
}
