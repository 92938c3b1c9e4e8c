import type { Commit } from '../git/commit.js';
import { parseTree } from '../git/tree.js';
import { fileView } from '../views/file.js';
import { commitView, entryType } from '../views/git.js';
import { pullView } from '../views/pull.js';
import { apiUrlOf, pageUrlOf } from '../views/repository.js';
import { pullsOfCommit } from '../world/pulls.js';
import { notFound, Refusal } from '../world/refusal.js';
import { paginated, type RepositoryRequest, type Route, reads } from './router.js';

const contents = ['contents'];

/** Commits, comparisons, branches and files. */
export const commitRoutes: Route[] = [
  reads('/commits', contents, async (request) => {
    const { repository, query } = request;
    const start = await commitShaOf(request, query.get('sha') ?? repository.defaultBranch);
    const since = query.get('since');
    const until = query.get('until');
    const limits = [...(since ? [`--since=${since}`] : []), ...(until ? [`--until=${until}`] : []), start];
    const path = query.get('path');
    const ids = await repository.history.list(limits, path ? [path] : []);
    return paginated(request, ids, async (oid) => show(request, await commitAt(request, oid)));
  }),
  reads('/commits/{ref+}', contents, async (request) => {
    const { world, repository } = request;
    const commit = await commitAt(request, await commitShaOf(request, request.params.ref ?? ''));
    const [parent] = commit.parents;
    const files = parent === undefined ? [] : await repository.history.changes(parent, commit.oid);
    const additions = files.reduce((sum, file) => sum + file.additions, 0);
    const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
    return {
      status: 200,
      body: {
        ...show(request, commit),
        stats: { additions, deletions, total: additions + deletions },
        files: files.map((file) => fileView(world, repository, commit.oid, file)),
      },
    };
  }),
  reads('/commits/{commit_sha}/pulls', ['pull_requests'], async (request) => {
    const sha = await commitShaOf(request, request.params.commit_sha ?? '');
    return paginated(request, await pullsOfCommit(request.repository, sha), (pull) =>
      pullView(request.world, request.repository, pull),
    );
  }),
  reads('/compare/{basehead+}', contents, compare),
  reads('/branches', contents, async (request) => {
    const branches = [...(await request.repository.refs.list('refs/heads/'))];
    return paginated(request, branches, ([ref, sha]) => {
      const name = ref.slice('refs/heads/'.length);
      const url = `${apiUrlOf(request.world, request.repository)}/commits/${sha}`;
      return { name, commit: { sha, url }, protected: request.repository.protections.has(name) };
    });
  }),
  reads('/branches/{branch+}', contents, branch),
  reads('/contents/{path+}', contents, contentAt),
];

/**
 * The commit of a branch, tag or id.
 *
 * @throws Refusal 422 with GitHub's message when there is none
 */
export async function commitShaOf({ repository }: RepositoryRequest, ref: string): Promise<string> {
  const candidates = [`refs/heads/${ref}`, `refs/tags/${ref}`, ref.startsWith('refs/') ? ref : `refs/${ref}`];
  for (const name of candidates) {
    const commit = await repository.history.commit((await repository.refs.get(name)) ?? '');
    if (commit !== undefined) {
      return commit.oid;
    }
  }
  const commit = /^[0-9a-f]{7,40}$/.test(ref) ? await repository.history.commit(ref) : undefined;
  if (commit === undefined) {
    throw new Refusal(422, `No commit found for SHA: ${ref}`);
  }
  return commit.oid;
}

async function commitAt({ repository }: RepositoryRequest, oid: string): Promise<Commit> {
  const commit = await repository.history.commit(oid);
  if (commit === undefined) {
    throw notFound();
  }
  return commit;
}

function show({ world, repository }: RepositoryRequest, commit: Commit) {
  return commitView(world, repository, commit);
}

async function compare(request: RepositoryRequest) {
  const { world, repository, params } = request;
  const [from = '', to = ''] = (params.basehead ?? '').split('...');
  if (from === '' || to === '') {
    throw notFound();
  }
  const base = await commitShaOf(request, from);
  const head = await commitShaOf(request, to);
  const { ahead, behind } = await repository.history.divergence(base, head);
  const fork = await repository.history.mergeBase(base, head);
  if (fork === undefined) {
    throw new Refusal(404, `No common ancestor between ${from} and ${to}.`);
  }
  const ids = await repository.history.list(['--topo-order', '--reverse', head, `^${base}`]);
  const commits = await Promise.all(ids.slice(0, 250).map((oid) => commitAt(request, oid)));
  const files = await repository.history.changes(fork, head);
  const page = pageUrlOf(world, repository);
  const url = `${apiUrlOf(world, repository)}/compare/${encodeURIComponent(params.basehead ?? '')}`;
  const status = ahead > 0 ? (behind > 0 ? 'diverged' : 'ahead') : behind > 0 ? 'behind' : 'identical';
  return {
    status: 200,
    body: {
      url,
      html_url: `${page}/compare/${params.basehead}`,
      permalink_url: `${page}/compare/${base}...${head}`,
      diff_url: `${page}/compare/${params.basehead}.diff`,
      patch_url: `${page}/compare/${params.basehead}.patch`,
      base_commit: show(request, await commitAt(request, base)),
      merge_base_commit: show(request, await commitAt(request, fork)),
      status,
      ahead_by: ahead,
      behind_by: behind,
      total_commits: ids.length,
      commits: commits.map((commit) => show(request, commit)),
      files: files.map((file) => fileView(world, repository, head, file)),
    },
  };
}

async function branch(request: RepositoryRequest) {
  const { world, repository, params } = request;
  const name = params.branch ?? '';
  const sha = await repository.branch(name);
  if (sha === undefined) {
    throw new Refusal(404, 'Branch not found');
  }
  const url = `${apiUrlOf(world, repository)}/branches/${encodeURIComponent(name)}`;
  const rule = repository.protections.get(name);
  const checks = {
    enforcement_level: rule === undefined ? 'off' : 'everyone',
    contexts: rule?.requiredChecks ?? [],
    checks: [],
  };
  return {
    status: 200,
    body: {
      name,
      commit: show(request, await commitAt(request, sha)),
      _links: { self: url, html: `${pageUrlOf(world, repository)}/tree/${name}` },
      protected: rule !== undefined,
      protection: { enabled: rule !== undefined, required_status_checks: checks },
      protection_url: `${url}/protection`,
    },
  };
}

async function contentAt(request: RepositoryRequest) {
  const { world, repository, params, query } = request;
  const path = params.path ?? '';
  const commit = await commitShaOf(request, query.get('ref') ?? repository.defaultBranch);
  const object = await repository.objects.read(`${commit}:${path}`);
  if (object === undefined) {
    throw notFound();
  }
  const entry = (name: string, type: string, sha: string, size: number) => {
    const url = `${apiUrlOf(world, repository)}/contents/${name}?ref=${commit}`;
    const html = `${pageUrlOf(world, repository)}/${type === 'dir' ? 'tree' : 'blob'}/${commit}/${name}`;
    const git = `${apiUrlOf(world, repository)}/git/${type === 'dir' ? 'trees' : 'blobs'}/${sha}`;
    return {
      ...{ type, size, name: name.split('/').at(-1), path: name, sha, url, git_url: git, html_url: html },
      download_url: type === 'dir' ? null : `${pageUrlOf(world, repository)}/raw/${commit}/${name}`,
      _links: { self: url, git, html },
    };
  };
  if (object.type === 'tree') {
    const entries = parseTree(object.content).map((item) =>
      entry(`${path}/${item.name}`, entryType(item) === 'tree' ? 'dir' : 'file', item.oid, 0),
    );
    return { status: 200, body: entries };
  }
  const file = entry(path, 'file', object.oid, object.content.length);
  return { status: 200, body: { ...file, encoding: 'base64', content: object.content.toString('base64') } };
}
