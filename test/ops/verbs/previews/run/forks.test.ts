import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { connect } from '../../../../../src/github/client.js';
import { type Stage, startStage } from '../../../../../src/local/stage.js';
import { forkProblem } from '../../../../../src/ops/verbs/previews/run/forks.js';

const pullSchema = v.object({ number: v.number(), head: v.object({ sha: v.string() }) });

describe("A fork's label", () => {
  let stage: Stage;
  let now = Date.now() - 86_400_000;

  /** No two things happen in the same second. */
  const later = () => {
    now += 1000;
    return new Date(now);
  };

  const rest = async (path: string, body: unknown, token = stage.token): Promise<unknown> => {
    const answer = await fetch(`${stage.apiUrl}/repos/acme/apps/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.ok).toBe(true);
    return answer.json();
  };

  beforeAll(async () => {
    stage = await startStage({ now: later });
    await stage.github.createRepository('acme/apps', { files: { 'README.md': '# Apps\n' } });
    await stage.github.fork('acme/apps', 'mallory/apps');
  });
  afterAll(() => stage.close());

  /** What is wrong with a pull request of a fork that these have labelled, one after the other. */
  async function problemOf(...labellers: string[]): Promise<string> {
    const branch = labellers.join('-').replace(/\W/g, '');
    const fork = stage.github.repository('mallory/apps');
    await fork.commit(branch, { [`${branch}.txt`]: 'x\n' }, 'feat: change');
    const pull = v.parse(pullSchema, await rest('pulls', { title: branch, head: `mallory:${branch}`, base: 'main' }));
    for (const actor of labellers) {
      await fetch(`${stage.apiUrl}/repos/acme/apps/issues/${pull.number}/labels/preview`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${stage.token}` },
      });
      await rest(`issues/${pull.number}/labels`, { labels: ['preview'] }, stage.github.issueToken({ actor }));
    }
    const github = connect({ token: stage.token, apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl });
    const apps = { github, repository: { owner: 'acme', name: 'apps' } };
    return (await forkProblem(apps, { number: pull.number, head: pull.head.sha }, 'labelled', 'preview')) ?? '';
  }

  test.each(['write', 'maintain', 'admin'] as const)('of a person with the role "%s" counts', async (role) => {
    stage.github.repository('acme/apps').role(`with-${role}`, role);
    expect(await problemOf(`with-${role}`)).toBe('');
  });

  test('of a person who may only triage does not, also after one of a person who may write', async () => {
    stage.github.repository('acme/apps').role('tess', 'triage');
    stage.github.repository('acme/apps').role('will', 'write');
    const message = 'its label "preview" was added by tess, who may not write to acme/apps';
    expect(await problemOf('tess')).toContain(message);
    expect(await problemOf('will', 'tess')).toContain(message);
    expect(await problemOf('tess', 'will')).toBe('');
  });

  test('of a bot does not', async () => {
    expect(await problemOf('github-actions[bot]')).toContain('was added by github-actions, who may not write');
    stage.github.repository('acme/apps').role('will', 'write');
    expect(await problemOf('will[bot]')).toContain('was added by will, who may not write');
  });
});
