import * as v from 'valibot';
import { runCommand } from '../../src/local/spawner/spawner.js';
import type { LocalRepository, Stage } from '../../src/local/stage.js';
import type { World } from './verb.js';

// Not which release GitHub calls the latest: of several that a run makes, that is the one that happened to come last.
const DOCUMENT = `query EndState($owner: String!, $name: String!) { repository(owner: $owner, name: $name) {
  labels(first: 50) { nodes { name color description } }
  pullRequests(first: 50, orderBy: { field: CREATED_AT, direction: ASC }) { nodes {
    number title body state isDraft headRefName baseRefName autoMergeRequest { mergeMethod }
    labels(first: 20) { nodes { name } } comments(first: 50) { nodes { body } }
  } }
  releases(first: 50, orderBy: { field: NAME, direction: ASC }) { nodes { name tagName description isDraft isPrerelease } }
  deployments(first: 50) { nodes { environment task payload statuses(first: 20) { nodes { state description environmentUrl } } } }
} }`;

const answerSchema = v.object({ data: v.object({ repository: v.unknown() }), errors: v.optional(v.never()) });

/**
 * Everything that is there, by repository: branches and tags with all commits and what each changes, pull requests with
 * their labels and comments, labels, releases, deployments with their statuses, environments, issues. Without what differs from
 * run to run (ids of commits, times, the stage's address), so whatever way led there, it must be equal.
 */
export async function endState({ stage, repositories }: World): Promise<unknown> {
  const states: Record<string, unknown> = {};
  await stage.github.passTime();
  for (const repository of repositories) {
    const text = JSON.stringify({
      refs: Object.keys(await repository.refs()).sort(),
      tags: (await git(repository, 'for-each-ref', '--format=%(refname:short)%0a%(contents)', 'refs/tags')).split('\n'),
      commits: await commits(repository),
      ...v.parse(v.looseObject({}), await page(stage, repository)),
      environments: await environments(stage, repository),
      issues: await issues(stage, repository),
      statuses: await statuses(stage, repository),
      runs: await runs(stage, repository),
    });
    states[repository.name] = JSON.parse(plain(text, stage));
  }
  return states;
}

/** Every commit that a branch or tag reaches: its branches and tags, message and changes, in the order of the text. */
async function commits(repository: LocalRepository): Promise<string[][]> {
  const log = ['log', '--all', '-p', '--no-renames', '--no-color', '--decorate=full', '--format=%x01%D%n%B'];
  const text = (await git(repository, ...log)).replace(/^index .*\n/gm, '');
  return withoutIds(text)
    .split('\u0001')
    .filter((part) => part !== '')
    .sort()
    .map((part) => part.trimEnd().split('\n'));
}

async function git({ gitDir }: LocalRepository, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommand({
    file: 'git',
    args: ['--git-dir', gitDir, ...args],
    env: { PATH: process.env.PATH ?? '' },
  });
  if (code !== 0) {
    throw new Error(`git ${args[0]} failed: ${stderr.toString()}`);
  }
  return stdout.toString();
}

async function page(stage: Stage, repository: LocalRepository): Promise<unknown> {
  const [owner, name] = repository.name.split('/');
  const answer = await ask(stage, stage.graphqlUrl, { query: DOCUMENT, variables: { owner, name } });
  return v.parse(answerSchema, answer).data.repository;
}

async function environments(stage: Stage, { name }: LocalRepository): Promise<string[]> {
  const answer = await ask(stage, `${stage.apiUrl}/repos/${name}/environments?per_page=100`);
  const schema = v.object({ environments: v.array(v.object({ name: v.string() })) });
  return v.parse(schema, answer).environments.map((one) => one.name);
}

const STATUSES = `query Statuses($owner: String!, $name: String!) { repository(owner: $owner, name: $name) {
  defaultBranchRef { target { ... on Commit { history(first: 20) { nodes { status { contexts { context state description } } } } } } }
} }`;

/** The newest commit status of each context, of the commits of the default branch. */
async function statuses(stage: Stage, { name: fullName }: LocalRepository): Promise<unknown> {
  const [owner, name] = fullName.split('/');
  return ask(stage, stage.graphqlUrl, { query: STATUSES, variables: { owner, name } });
}

const runsSchema = v.object({ workflow_runs: v.array(v.object({ display_title: v.string(), event: v.string() })) });

/** The names of the runs of workflows. */
async function runs(stage: Stage, { name }: LocalRepository): Promise<string[]> {
  const answer = await ask(stage, `${stage.apiUrl}/repos/${name}/actions/runs?per_page=100`);
  return v
    .parse(runsSchema, answer)
    .workflow_runs.map(({ display_title: title, event }) => `${event} ${title}`)
    .sort();
}

const issuesSchema = v.array(
  v.object({
    title: v.string(),
    body: v.nullable(v.string()),
    state: v.string(),
    user: v.object({ login: v.string() }),
    labels: v.array(v.object({ name: v.string() })),
  }),
);

/** Issues, and pull requests as such, oldest first. */
async function issues(stage: Stage, { name }: LocalRepository): Promise<unknown> {
  const page = `${stage.apiUrl}/repos/${name}/issues?state=all&direction=asc&per_page=100`;
  return v.parse(issuesSchema, await ask(stage, page));
}

async function ask(stage: Stage, url: string, body?: unknown): Promise<unknown> {
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return response.json();
}

/** Without ids of commits, also short ones in names and titles of what the audit takes back. */
function withoutIds(text: string): string {
  return text
    .replace(/\b[0-9a-f]{40}\b/g, 'SHA')
    .replace(/(?<=ostack-audit\/revert-)[0-9a-f]{12}|\b[0-9a-f]{7}(?= (?:back|reached)\b)/g, 'SHORT');
}

function plain(text: string, stage: Stage): string {
  return (
    withoutIds(text)
      .replaceAll(stage.serverUrl, 'https://github.test')
      .replace(/127\.0\.0\.1:\d+/g, 'HOST')
      .replace(/\b[0-9a-f]{40}\b/g, 'SHA')
      .replace(/(?<=[`[]|\bpr-\d+-)[0-9a-f]{7}\b/g, 'SHORT')
      .replace(/\d{4}(\\{0,4}-)\d\d\1\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?( UTC|Z)/g, 'TIME')
      // What waits elsewhere is named by its pull request once that is there, and by a search for it before.
      .replace(/\(then \[[^\]]+\]\(https:\/\/github\.test\/\S+\/pulls?[/?]\S+\)\)/g, '(WAITING)')
  );
}
