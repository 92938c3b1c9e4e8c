import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from '../../../src/github/client.js';
import type { Connected } from '../../../src/github/connected.js';
import { writeApplyCheck } from '../../../src/infra/apply/apply-checks.js';
import { reviewedPlans } from '../../../src/infra/apply/reviewed-plans.js';
import { writePlanCheck } from '../../../src/infra/report/check-runs.js';
import { goneReport, type PlanProof, type RootReport, refusedReport } from '../../../src/infra/report/root-report.js';
import { type Stage, startStage } from '../../../src/local/stage.js';
import { rest } from '../../local/github/support.js';

const SLUG = 'github-actions';
let stage: Stage;
/** Commits, as heads and merges of pull requests. */
let [older, head, merge, laterHead, laterMerge]: string[] = [];

beforeAll(async () => {
  stage = await startStage({ repositories: { 'acme/infra': { files: { 'README.md': 'x' } } } });
  const repository = stage.github.repository('acme/infra');
  const commits: string[] = [];
  for (const name of ['older', 'head', 'merge', 'laterHead', 'laterMerge']) {
    commits.push(await repository.commit('main', { name }, name));
  }
  [older, head, merge, laterHead, laterMerge] = commits;
});
afterAll(() => stage.close());

function as(slug: string): Connected {
  const permissions = { checks: 'write', contents: 'read', pull_requests: 'write' } as const;
  const token = stage.github.issueToken({ actor: `${slug}[bot]`, repositories: ['acme/infra'], permissions });
  const { apiUrl, graphqlUrl } = stage;
  return { github: connect({ token, apiUrl, graphqlUrl }), repository: { owner: 'acme', name: 'infra' } };
}

const proofOf = (root: string): PlanProof => ({
  structure: root,
  inputs: 'i',
  tool: 't',
  since: '2026-11-30T12:00:00Z',
});
const planOf = (root: string): RootReport => ({ ...goneReport(root), proof: proofOf(root) });
const tell = (slug: string, commit: string | undefined, report: RootReport) =>
  writePlanCheck(as(slug), commit ?? '', { report, text: '' }, undefined, '');
const pulls = () => [
  { number: 2, head: laterHead ?? '', merge: laterMerge ?? '', author: 'ada', branch: 'b', mergedAt: undefined },
  { number: 1, head: head ?? '', merge: merge ?? '', author: 'ada', branch: 'b', mergedAt: undefined },
];
const found = (root: string) => reviewedPlans(as(SLUG), pulls(), SLUG)(root);
const NONE = { none: 'No merged pull request has a plan of it.' };

test('What was reviewed is the plan of the merged head, by the App whose word counts', async () => {
  await tell(SLUG, head, planOf('fine'));
  expect(await found('fine')).toEqual({ pull: pulls()[1], proof: proofOf('fine') });
});

test.each<[string, (root: string) => Promise<unknown>]>([
  ['an older head', (root) => tell(SLUG, older, planOf(root))],
  ['another App', (root) => tell('mallory', head, planOf(root))],
  [
    'a check run that is called as that of another root, whatever it keeps',
    (root) => {
      const { github, repository } = as(SLUG);
      const call = async () => {
        await tell(SLUG, laterHead, planOf(root));
        const { data } = await github.octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
          ...{ owner: repository.owner, repo: repository.name, ref: laterHead ?? '' },
        });
        const run = data.check_runs.find(({ name }) => name.endsWith(root));
        return github.octokit.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
          ...{ owner: repository.owner, repo: repository.name, check_run_id: run?.id ?? 0 },
          name: `oStack plan / ${root}-other`,
        });
      };
      return call();
    },
  ],
  [
    'a comment that says the same',
    async (root) => {
      const text = `<!-- ostack:plan ${JSON.stringify(planOf(root))} -->`;
      const opened = { head: 'other', base: 'main', title: 'x' };
      await stage.github.repository('acme/infra').commit('other', { other: 'x' }, 'x');
      await rest(stage, 'POST /repos/acme/infra/pulls', opened);
      return rest(stage, 'POST /repos/acme/infra/issues/1/comments', { body: text });
    },
  ],
])('Nothing was reviewed by a plan of %s', async (what, write) => {
  const root = what.replace(/\W/g, '-');
  await write(root);
  expect(await found(root)).toEqual(NONE);
});

test('A newer pull request whose plan failed leaves nothing that was reviewed, and neither does one that was applied', async () => {
  await tell(SLUG, head, planOf('failed'));
  await tell(SLUG, laterHead, refusedReport('failed', 'It does not plan.'));
  expect(await found('failed')).toEqual({ none: 'Pull request #2 has no plan of it that could be applied.' });
  await tell(SLUG, head, planOf('applied'));
  const report = { root: 'applied', why: '', problem: '', beyond: [], plan: '', approved: [], start: '' };
  const told = { ...report, result: 'applied' as const, run: '', at: '', by: '' };
  await writeApplyCheck(as(SLUG), merge ?? '', told, undefined);
  expect(await found('applied')).toEqual({ none: 'The plan of #1, which is the newest of it, is applied.' });
});
