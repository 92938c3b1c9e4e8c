import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { blobId } from '../../../src/ops/tree/blob-id.js';
import { auditedStage, runAudit, told } from '../audit/support.js';
import { LABEL, report, runMergeDue, stateOf, workflowToken } from '../merge-due/support.js';
import { checksOf, overlay, PRODUCTION, propose, rest, runGate, STAGING } from './support.js';

const POLICY =
  'environments:\n  staging: { branch: staging, after: dev }\n  production: { after: staging }\n  dev: { branch: dev }\n  far: { repository: acme/far }\n  edge: { branch: env/edge, after: staging }\n';

let ops: Awaited<ReturnType<typeof auditedStage>>;
beforeAll(async () => {
  // What the default branch has of staging is nobody's.
  ops = await auditedStage(POLICY, { [STAGING]: overlay('1.9.0') });
  await ops.ops.commit('staging', { [STAGING]: overlay('1.5.0'), 'ostack.yaml': 'environments: {}\n' }, 'shop 1.5.0');
  await ops.ops.commit('dev', { [DEV]: overlay('1.6.0') }, 'shop 1.6.0');
  await ops.ops.commit('env/edge', manifests('1.4.0'), 'materialize');
});
afterAll(() => ops.stage.close());

/** What materialize writes. */
function manifests(version: string) {
  const [path, text] = [
    'deployment-shop.yaml',
    `kind: Deployment\nspec: { template: { spec: { containers: [{ image: "ghcr.io/acme/shop:${version}" }] } } }\n`,
  ];
  return { [path]: text, '.ostack-materialized': JSON.stringify({ files: { [path]: blobId(text) } }) };
}

const DEV = STAGING.replace('staging', 'dev');
const checkOn = async ({ head }: { head: string }, name: string) => (await checksOf(ops, head))[name];

/** A pull request from a branch that is made of its base. */
async function proposeInto(base: string, branch: string, files: Record<string, string>) {
  await ops.ops.setRef(`refs/heads/${branch}`, (await ops.ops.refs())[`refs/heads/${base}`] ?? '');
  return propose(ops, branch, files, { base });
}

test('the gate judges what goes into the branch of an environment, and goes by what that runs elsewhere', async () => {
  const [right, wrong] = [
    await propose(ops, 'right', { [PRODUCTION]: overlay('1.5.0') }),
    await propose(ops, 'wrong', { [PRODUCTION]: overlay('1.9.0') }),
  ];
  const next = await proposeInto('staging', 'next', { [STAGING]: overlay('1.6.0') });
  const never = await proposeInto('staging', 'never', { [STAGING]: overlay('1.7.0') });
  const run = await runGate(ops);
  expect(run.stdout).not.toContain('::error');
  const gate = 'oStack / gate';
  expect(await checkOn(right, gate)).toBe('success: Allowed: production: Takes shop 1.5.0.');
  expect(await checkOn(wrong, gate)).toMatch(
    /^failure: Refused by production: production takes shop 1\.9\.0 only once it is in staging, which runs 1\.5\.0/,
  );
  // A check of its own: what may come into staging may not come into anything else.
  expect(await checksOf(ops, next.head)).toEqual({
    'oStack / gate into staging': 'success: Allowed: staging: Takes shop 1.6.0.',
    'oStack / gate into staging / staging': 'success: Takes shop 1.6.0.',
  });
  expect(await checkOn(never, 'oStack / gate into staging')).toMatch(
    /^failure: Refused by staging: staging takes shop 1\.7\.0 only once it is in dev, which runs 1\.6\.0/,
  );
  expect(run.summary).toContain('far lives in acme/far, and neither the gate nor the audit judges what comes there');
});

test('what is due on the branch of an environment is merged there, by the same rules', async () => {
  const world = { ...ops, token: workflowToken(ops.stage, ops.name) };
  const labelled = async (number: number) =>
    rest(ops.stage, `POST /repos/${ops.name}/issues/${number}/labels`, { labels: [LABEL] });
  const due = await proposeInto('staging', 'due', { [STAGING]: overlay('1.6.0') });
  const early = await proposeInto('staging', 'early', { [STAGING]: overlay('1.7.0') });
  const forged = await proposeInto('env/edge', 'ostack/materialize/env/edge', manifests('1.5.0'));
  for (const pull of [due, early, forged]) {
    await labelled(pull.number);
    await report(world, pull.head, 'success');
  }
  const rehearsed = await runMergeDue(world, { inputs: { 'dry-run': 'true' } });
  expect(rehearsed.stdout).toContain(`#${due.number}: waits: the next run merges it`);
  expect(rehearsed.stdout).toContain(
    `#${early.number}: waits: Refused by staging: staging takes shop 1.7.0 only once it is in dev, which runs 1.6.0.`,
  );
  expect(rehearsed.stdout).toMatch(
    new RegExp(`#${forged.number}: waits: Refused by edge: By hand: .* and not the ops App`),
  );
  const run = await runMergeDue(world);
  expect(run.stdout).toContain(`#${due.number}: merged`);
  expect([await stateOf(world, due.number), await stateOf(world, early.number)]).toEqual(['merged', 'open']);
  expect(await ops.ops.read('staging', STAGING)).toContain('1.6.0');
});

test('the audit judges what reaches the branch of an environment, by the policy of the default branch then', async () => {
  await runAudit(ops);
  const evil = await ops.ops.commit('staging', { [STAGING]: overlay('1.8.0') }, 'past everybody');
  // A later policy says nothing of what came before it, and neither does one of the branch.
  await ops.ops.commit('main', { 'ostack.yaml': POLICY.replace(', after: dev', '') }, 'no order any more');
  const run = await runAudit(ops);
  expect(run.stdout).toContain('1 change of the branch staging judged as of its merge.');
  expect(await told(ops)).toEqual(
    expect.arrayContaining([`issue by ostack-ops[bot]: ${evil.slice(0, 7)} reached staging past the policy (open)`]),
  );
  const audits = await checksOf(ops, evil);
  expect(audits['oStack / audit into staging']).toMatch(
    /^failure: Not permitted\. See #\d+\. staging: staging takes shop 1\.8\.0 only once/,
  );
  const again = await runAudit(ops);
  expect(again.stdout).toContain('0 changes of the branch staging judged');
});
