import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { type Stage, seededDelays, startStage } from '../../src/local/stage.js';
import { opsFiles } from '../actions/create-preview-env/support.js';
import { openTestArchive, type TestArchive } from '../images/quarantine/support.js';
import { type ActionResult, type ActionRun, runAction } from '../support/run-action.js';

/** A run of a fork's labelled pull request that has ended, and what it left. */
export interface QuarantineStage extends AsyncDisposable {
  stage: Stage;
  archive: TestArchive;
  /** How `quarantine-images` is run after it. @param inputs over the usual ones, which have no tokens */
  call(inputs: Record<string, string>): Promise<ActionRun>;
  run(inputs: Record<string, string>): Promise<ActionResult>;
}

const pullSchema = v.object({ number: v.number(), head: v.object({ sha: v.string() }) });

/** @param branch the fork's branch */
export async function quarantineStage(branch = 'change'): Promise<QuarantineStage> {
  let time = Date.now() - 86_400_000;
  // No two things happen in the same second: of a label and a push nobody would know which came first.
  const now = () => {
    time += 1000;
    return new Date(time);
  };
  const stage = await startStage({ delays: seededDelays(5), now });
  // Whoever may fork it may read it.
  const files = { 'apps/my-app/Dockerfile': 'FROM scratch\n' };
  const apps = await stage.github.createRepository('acme/apps', { files }, { private: false });
  await stage.github.createRepository('acme/ops', { files: opsFiles('previews: { host: staging, forks: labelled }') });
  const main = (await apps.refs())['refs/heads/main'] ?? '';
  const fork = await stage.github.fork('acme/apps', 'mallory/apps');
  await fork.commit(branch, { 'apps/my-app/new.txt': 'one\n' }, 'feat: new');
  const post = async (path: string, body: object): Promise<unknown> => {
    const answer = await fetch(`${stage.apiUrl}/repos/acme/apps/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.json();
  };
  const opened = await post('pulls', { title: 'A gift', head: `mallory:${branch}`, base: 'main' });
  const { number, head } = v.parse(pullSchema, opened);
  await post(`issues/${number}/labels`, { labels: ['preview'] });
  const archive = await openTestArchive();
  const { digest } = await archive.image('my-app');
  await archive.list({ app: 'my-app', image: 'my-app', digest });
  await archive.write('number', String(number));
  const folder = await mkdtemp(join(tmpdir(), 'ostack-event-'));
  const event = join(folder, 'event.json');
  const ended = { event: 'pull_request', head_branch: branch, head_sha: head.sha };
  const call = async (inputs: Record<string, string>): Promise<ActionRun> => {
    await writeFile(event, JSON.stringify({ workflow_run: { ...ended, head_repository: { full_name: fork.name } } }));
    return {
      action: 'quarantine-images',
      inputs: { archive: archive.root, registry: `${stage.registry}/acme`, 'ops-repository': 'acme/ops', ...inputs },
      env: {
        ...{ GITHUB_API_URL: stage.apiUrl, GITHUB_GRAPHQL_URL: stage.graphqlUrl, GITHUB_SERVER_URL: stage.serverUrl },
        ...{ GITHUB_REPOSITORY: 'acme/apps', GITHUB_SHA: main, GITHUB_RUN_ID: '7' },
        ...{ GITHUB_EVENT_NAME: 'workflow_run', GITHUB_EVENT_PATH: event },
      },
    };
  };
  return {
    ...{ stage, archive, call },
    run: async (inputs) => runAction(await call(inputs)),
    async [Symbol.asyncDispose]() {
      await stage.close();
      await archive[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
