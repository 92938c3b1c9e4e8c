/** The version of a chart, which no manifest says, on its way to an environment after one whose branch materialize writes. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from '../../../src/github/client.js';
import { writeBranch } from '../../../src/materialize/branch/write-branch.js';
import { PARTS } from '../../../src/materialize/manifests/remote-parts.js';
import { runAction } from '../../support/run-action.js';
import { auditedStage, runAudit, told } from '../audit/support.js';
import { errorsOf } from '../bump-ops-overlay/support.js';
import { at, checksOf, PRODUCTION, propose, rest, runGate, STAGING, stepEnvironment } from '../gate/support.js';

const POLICY = 'environments:\n  staging: { branch: env/staging }\n  production: { after: staging }\n';
const BRANCH = 'env/staging';
const GATE = 'oStack / gate';
const source = (version: string) =>
  `resources: [../../../bases/shop]\nhelmCharts:\n- { name: shop, repo: https://charts.acme.dev, version: ${version}, releaseName: shop }\n`;

let ops: Awaited<ReturnType<typeof auditedStage>>;
beforeAll(async () => {
  ops = await auditedStage(POLICY, { [STAGING]: source('1.0.0'), [PRODUCTION]: source('1.0.0') });
});
afterAll(() => ops.stage.close());

const tip = async (branch: string) => (await ops.ops.refs())[`refs/heads/${branch}`] ?? '';

/** What materialize does with the ops App, of a chart that comes to the same manifests at each version. */
async function render(version: string, mode: 'commit' | 'pull-request') {
  const { apiUrl, graphqlUrl } = ops.stage;
  const token = await ops.take({ contents: 'write', pull_requests: 'write' });
  const repository = { owner: 'acme', name: 'ops' };
  const to = { github: connect({ token, apiUrl, graphqlUrl }), repository };
  const text =
    'kind: Deployment\nspec: { template: { spec: { containers: [{ image: "ghcr.io/acme/web:1.0.0" }] } } }\n';
  const rendered = { files: new Map([['deployment-shop.yaml', text]]), parts: [`${STAGING}: shop ${version}`] };
  const target = {
    repository,
    branch: BRANCH,
    isOfPolicy: true,
    environments: [{ environment: 'staging', folder: '' }],
  };
  const written = await writeBranch(target, new Map([['staging', rendered]]), {
    ...{ to, source: to, commit: await tip('main'), mode, edits: 'restore', force: true, dryRun: false },
    ...{ hasNewer: async () => false, tools: {}, runUrl: '' },
  });
  return written.pullRequest?.number;
}

/** Says what production would adopt. */
async function promote() {
  const result = await runAction({
    action: 'promote',
    inputs: { to: 'production', apps: 'shop', token: ops.stage.token, 'ops-repository': ops.name },
    env: { ...stepEnvironment(ops), GITHUB_ACTOR: 'ada', PATH: '/nowhere' },
  });
  return { error: errorsOf(result), promotions: result.outputs.promotions ?? '' };
}

const EARLY = /production takes shop 2\.0\.0 only once it is in staging, which runs 1\.0\.0\./;

test('a chart goes on once it is rendered and merged, by the ops App, to the gate, a promotion and the audit', async () => {
  await render('1.0.0', 'commit');
  await runAudit(ops);
  await ops.ops.commit('main', { [STAGING]: source('2.0.0') }, 'staging');
  const pull = await propose(ops, 'next', { [PRODUCTION]: source('2.0.0') });
  const verdict = async () => {
    expect((await runGate(ops)).stdout).not.toContain('::error');
    return (await checksOf(ops, pull.head))[GATE];
  };
  expect(await verdict()).toMatch(EARLY);
  expect((await promote()).error).toMatch(EARLY);
  const number = await render('2.0.0', 'pull-request');
  expect([await verdict(), (await promote()).error]).toEqual([
    expect.stringMatching(EARLY),
    expect.stringMatching(EARLY),
  ]);
  // Somebody claims that it is there.
  const claim = JSON.stringify({ source: `acme/ops@${await tip('main')}`, parts: [] });
  await ops.ops.commit(BRANCH, { [PARTS]: claim }, 'materialize');
  expect(await verdict()).toMatch(
    /^failure: Refused by production: .* Nobody can tell which charts and remote bases staging runs/,
  );
  await rest(ops.stage, `PATCH /repos/${ops.name}/pulls/${number}`, { state: 'closed' });
  const again = await render('2.0.0', 'pull-request');
  await rest(ops.stage, `PUT /repos/${ops.name}/pulls/${again}/merge`, { merge_method: 'squash' });
  expect(await verdict()).toBe('success: Allowed: production: Takes chart shop 1.0.0 -> 2.0.0.');
  const promoted = await promote();
  expect(promoted.error).toBe('');
  const { body } = await rest(ops.stage, `GET /repos/${ops.name}/pulls?state=all`);
  const merged = await rest(ops.stage, `GET /repos/${ops.name}/pulls/${again}`);
  const since = at(merged.body, 'merged_at').slice(11, 16);
  expect(JSON.stringify(body)).toMatch(new RegExp(`staging since [^|]*${since}`));
  await runAudit(ops);
  const evil = await ops.ops.commit('main', { [PRODUCTION]: source('3.0.0') }, 'past everybody');
  await runAudit(ops);
  expect(await told(ops)).toContainEqual(
    `issue by ostack-ops[bot]: ${evil.slice(0, 7)} reached production past the policy (open)`,
  );
}, 120_000);
