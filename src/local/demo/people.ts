import { restEndpointMethods } from '@octokit/plugin-rest-endpoint-methods';
import { CHECK } from '../../cli/gate/names.js';
import { connect } from '../../github/client.js';
import { parseRepository } from '../../github/context.js';
import type { LocalRepository, Stage } from '../stage.js';

/** A change that a developer makes. */
export interface Change {
  author: string;
  title: string;
  branch: string;
  /** Rewrites files: path to a function of the old text. */
  edits: Record<string, (text: string) => string>;
}

/** A pull request as the demo shows it. */
export interface Pull {
  number: number;
  title: string;
  url: string;
}

/** Opens a pull request with the change, as its author does: one commit on a branch of its own. */
export async function openPullRequest(stage: Stage, repository: LocalRepository, change: Change): Promise<Pull> {
  await pushChange(repository, change);
  const { owner, name: repo } = parseRepository(repository.name, 'The repository');
  const { data } = await as(stage, change.author).pulls.create({
    owner,
    repo,
    title: change.title,
    head: change.branch,
    base: repository.defaultBranch,
  });
  return { number: data.number, title: data.title, url: data.html_url };
}

/** Commits a change on its branch, which is created if it does not exist. */
export async function pushChange(repository: LocalRepository, change: Change): Promise<void> {
  const { author, branch, title } = change;
  const from = (await repository.refs())[`refs/heads/${branch}`] === undefined ? repository.defaultBranch : branch;
  const files: Record<string, string> = {};
  for (const [path, edit] of Object.entries(change.edits)) {
    const before = await repository.read(from, path);
    const after = edit(before ?? '');
    if (before === undefined || after === before) {
      throw new Error(`The change "${title}" does not fit ${path} any more.`);
    }
    files[path] = after;
  }
  await repository.commit(branch, files, title, { name: author, email: `${author}@acme.example` });
}

/** What bots say on a pull request, oldest first, as Markdown. */
export async function readComments(stage: Stage, repository: LocalRepository, pull: Pull): Promise<string[]> {
  const { owner, name: repo } = parseRepository(repository.name, 'The repository');
  const { data } = await as(stage, 'ada').issues.listComments({ owner, repo, issue_number: pull.number });
  return data.flatMap(({ body, user }) => (user?.type === 'Bot' ? [body ?? ''] : []));
}

/** Says something on a pull request. */
export async function comment(stage: Stage, repository: LocalRepository, by: string, pull: Pull, body: string) {
  const { owner, name: repo } = parseRepository(repository.name, 'The repository');
  await as(stage, by).issues.createComment({ owner, repo, issue_number: pull.number, body });
}

/** Merges a pull request, as a person who clicks the button. */
export async function mergePullRequest(
  stage: Stage,
  repository: LocalRepository,
  by: string,
  pull: Pull,
  method: 'squash' | 'merge' = 'squash',
) {
  const { owner, name: repo } = parseRepository(repository.name, 'The repository');
  await as(stage, by).pulls.merge({ owner, repo, pull_number: pull.number, merge_method: method });
}

/** Closes a pull request without a merge. */
export async function closePullRequest(stage: Stage, repository: LocalRepository, by: string, pull: Pull) {
  const { owner, name: repo } = parseRepository(repository.name, 'The repository');
  await as(stage, by).pulls.update({ owner, repo, pull_number: pull.number, state: 'closed' });
}

/** What the check run of the gate says of a pull request: its title. */
export async function readVerdict(stage: Stage, repository: LocalRepository, pull: Pull): Promise<string> {
  const { owner, name: repo } = parseRepository(repository.name, 'The repository');
  const { data } = await as(stage, 'ada').pulls.get({ owner, repo, pull_number: pull.number });
  const found = { owner, repo, ref: data.head.sha, check_name: CHECK };
  const { data: runs } = await as(stage, 'ada').checks.listForRef(found);
  return runs.check_runs[0]?.output.title ?? 'not judged';
}

/** Fills in the form of *Run workflow* and starts it on the default branch. */
export async function runWorkflow(
  stage: Stage,
  repository: LocalRepository,
  by: string,
  workflow: string,
  inputs: Readonly<Record<string, string>>,
): Promise<void> {
  const { owner, name: repo } = parseRepository(repository.name, 'The repository');
  const run = { owner, repo, workflow_id: workflow, ref: repository.defaultBranch, inputs: { ...inputs } };
  await as(stage, by).actions.createWorkflowDispatch(run);
}

/** Every open pull request of a repository, by its head branch. */
export async function openPullRequests(stage: Stage, repository: LocalRepository): Promise<Map<string, Pull>> {
  const { owner, name: repo } = parseRepository(repository.name, 'The repository');
  const { data: open } = await as(stage, 'ada').pulls.list({ owner, repo, state: 'open', per_page: 100 });
  return new Map(open.map(({ head, number, title, html_url: url }) => [head.ref, { number, title, url }]));
}

function as(stage: Stage, actor: string) {
  const { octokit } = connect({
    token: stage.github.issueToken({ actor }),
    apiUrl: stage.apiUrl,
    graphqlUrl: stage.graphqlUrl,
  });
  return restEndpointMethods(octokit).rest;
}
