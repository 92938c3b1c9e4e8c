import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connect } from '../../../src/github/client.js';
import type { ApplyReport } from '../../../src/infra/apply/apply-report.js';
import { keepFollowUps } from '../../../src/infra/apply/follow-up.js';
import { type LocalRepository, type Stage, startStage } from '../../../src/local/stage.js';
import { at, rest } from '../../local/github/support.js';

const refused = (more: Partial<ApplyReport> = {}): ApplyReport => ({
  ...{ root: 'net/a', result: 'asks', why: 'It does more.', problem: '', beyond: ['x.y: create'], plan: 'aaaa' },
  ...{ approved: [], start: '', run: '', at: '', by: 'ada', ...more },
});
const [one, other] = ['1'.repeat(40), '2'.repeat(40)];

const PULLS = '/repos/acme/infra/pulls';

let stage: Stage;
let repository: LocalRepository;
beforeEach(async () => {
  stage = await startStage({ repositories: { 'acme/infra': { files: { 'net/a/main.tf': 'terraform {}\n' } } } });
  repository = stage.github.repository('acme/infra');
});
afterEach(() => stage.close());

async function kept(commit: string, reports = [refused()], mayWrite = true): Promise<Record<string, number>> {
  const { apiUrl, graphqlUrl, github } = stage;
  const permissions = { contents: mayWrite ? 'write' : 'read', pull_requests: 'write' } as const;
  const token = github.issueToken({ actor: 'github-actions[bot]', repositories: ['acme/infra'], permissions });
  const to = { github: connect({ token, apiUrl, graphqlUrl }), repository: { owner: 'acme', name: 'infra' } };
  const head = (await repository.refs())['refs/heads/main'] ?? '';
  return Object.fromEntries(await keepFollowUps({ to, commit, branch: 'main', head }, reports));
}

async function states(): Promise<string[]> {
  const { body } = await rest(stage, `GET ${PULLS}?state=all`);
  return (Array.isArray(body) ? body : []).map((pull: unknown) => `${at(pull, 'number')}: ${at(pull, 'state')}`);
}

async function merge(number: number): Promise<void> {
  expect((await rest(stage, `PUT ${PULLS}/${number}/merge`, {})).status).toBe(200);
}

const close = (number: number) => rest(stage, `PATCH ${PULLS}/${number}`, { state: 'closed' });
const file = (branch: string) => repository.read(branch, '.ostack/replan/net/a.yaml');

describe('The pull request that asks for a review of what was not applied', () => {
  test('is one a root, whose only change is a file of that root', async () => {
    expect([await kept(one), await kept(one)]).toEqual([{ 'net/a': 1 }, { 'net/a': 1 }]);
    expect(await states()).toEqual(['1: open']);
    expect(await file('ostack-replan/net+a')).toContain(`root: "net/a"\ncommit: ${one}\n`);
    expect(await kept(one, [refused(), refused({ root: 'net' })])).toEqual({ 'net/a': 1, net: 2 });
  });

  test('is brought up to date where a later commit is refused', async () => {
    await kept(one);
    expect(await kept(other)).toEqual({ 'net/a': 1 });
    expect([await states(), await file('ostack-replan/net+a')]).toEqual([['1: open'], expect.stringContaining(other)]);
  });

  test('is closed once nothing is left to apply, and another one is opened for what comes later', async () => {
    await kept(one);
    expect(await kept(one, [refused({ result: 'applied' })])).toEqual({});
    expect(await states()).toEqual(['1: closed']);
    expect(await kept(other)).toEqual({ 'net/a': 2 });
  });

  test('stays closed for its commit where a person closed it', async () => {
    await kept(one);
    await close(1);
    expect([await kept(one), await states()]).toEqual([{}, ['1: closed']]);
  });

  test('is opened anew after one was merged, from what the branch has now', async () => {
    await kept(one);
    await merge(1);
    expect(await kept(other)).toEqual({ 'net/a': 2 });
    await merge(2);
    expect(await file('main')).toContain(other);
  });

  test.each<[string, Partial<ApplyReport>]>([
    ['waits', { result: 'waits' }],
    ['failed', { result: 'failed' }],
    ['has a start without an end', { start: 'plans/a' }],
    ['has nothing that anybody could compare', { plan: '' }],
  ])('is not there for a root that %s', async (_what, more) => {
    expect([await kept(one, [refused(more)]), await states()]).toEqual([{}, []]);
  });

  test('is left out where the token may not write a branch', async () => {
    expect([await kept(one, [refused()], false), await states()]).toEqual([{}, []]);
  });
});
