import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { appsOn, DIGEST, type Evidence, leaveRun } from '../../attacks/support/evidence.js';
import { type Audited, auditedStage, runAudit } from '../audit/support.js';
import { at, checksOf, PRODUCTION, propose, rest, runGate, STAGING } from './support.js';

const POLICY = `environments: { staging: {}, production: {} }
images:
- { match: "ghcr.io/acme/*", from: acme/apps, workflow: .github/workflows/release.yml }
`;
const GATE = 'oStack / gate';
const pinned = (digest: string) => `images:\n- { name: ghcr.io/acme/shop, newTag: 1.6.0, digest: "${digest}" }\n`;

let ops: Audited;
let evidence: Evidence;
beforeAll(async () => {
  ops = await auditedStage(POLICY);
  evidence = await appsOn(ops.stage);
});
afterAll(async () => {
  await ops.stage.close();
  await rm(evidence.folder, { recursive: true, force: true });
});

const gateOf = async (head: string) => (await checksOf(ops, head))[GATE];
const appsToken = () => {
  const permissions = { actions: 'read', contents: 'read' } as const;
  return ops.stage.github.issueToken({ repositories: ['acme/apps'], permissions });
};
const judged = () => runGate(ops, {}, { 'apps-token': appsToken(), 'judges-again': 'true' });

test('The gate lets in what the run that a pull request names has built, and asks the registry nothing', async () => {
  const tagged = await propose(ops, 'tagged', { [STAGING]: 'images:\n- { name: ghcr.io/acme/shop, newTag: 1.6.0 }\n' });
  const built = await propose(ops, 'built', { [STAGING]: pinned(DIGEST) });
  const other = await propose(ops, 'other', { [STAGING]: pinned(`sha256:${'b'.repeat(64)}`) });
  await leaveRun(evidence, { run: { status: 'in_progress', conclusion: null } });
  const body = `Ostack-Run: ${ops.stage.serverUrl}/acme/apps/actions/runs/7`;
  for (const { number } of [built, other]) {
    await rest(ops.stage, `PATCH /repos/${ops.name}/pulls/${number}`, { body });
  }
  expect((await judged()).outputs['again-at']).toMatch(/^\d{4}-/);
  expect(await gateOf(built.head)).toMatch(/^failure: Not yet: staging: Nothing proves where .* is not over yet/);
  await leaveRun(evidence, { artifacts: 0 });
  const before = ops.stage.github.requests.length;
  const { stdout, summary, outputs } = await judged();
  expect(outputs['again-at']).toBe('');
  expect(stdout).not.toContain('::error');
  expect(await gateOf(built.head)).toBe('success: Allowed: staging: Takes shop 1.6.0.');
  expect(await gateOf(tagged.head)).toMatch(
    /^failure: Refused by staging: ghcr.io\/acme\/shop:1.6.0 comes into staging/,
  );
  expect(await gateOf(other.head)).toMatch(/^failure: Refused by staging: Nothing proves where .*did not build/);
  expect(summary).toContain('Level: *proven*.');
  const asked = ops.stage.github.requests.slice(before).map(({ path }) => path);
  expect(asked.filter((path) => path.includes('/repos/acme/apps/'))).toHaveLength(4);
  // What was proven stays so: the text names no run any more, and the verdict was withdrawn meanwhile.
  await rest(ops.stage, `PATCH /repos/${ops.name}/pulls/${built.number}`, { body: '' });
  await runGate(ops, {}, { withdraw: 'true' });
  expect(await gateOf(built.head)).toMatch(/^failure: Not yet: /);
  await judged();
  expect(await gateOf(built.head)).toBe('success: Allowed: staging: Takes shop 1.6.0.');
  expect(await checksOf(ops, built.head)).toMatchObject({ 'oStack / images': 'success: 1 image is proven.' });
  expect(Object.keys(await checksOf(ops, other.head))).not.toContain('oStack / images');
});

test('The gate lets into production what staging has', async () => {
  await ops.ops.commit('main', { [STAGING]: pinned(DIGEST) }, 'shop');
  const { head } = await propose(ops, 'promoted', { [PRODUCTION]: pinned(DIGEST) });
  await judged();
  expect(await gateOf(head)).toBe('success: Allowed: production: Takes shop 1.6.0.');
});

test('The audit finds nothing in what the gate had proven, gone as the record is, and finds what nothing ever proved', async () => {
  const audited = async () => {
    const { outputs, stdout } = await runAudit(ops, { inputs: { 'apps-token': appsToken() } });
    expect(stdout).not.toContain('::error');
    return v.parse(v.pipe(v.string(), v.parseJson(), v.array(v.looseObject({ commit: v.string() }))), outputs.findings);
  };
  await audited();
  const [kept, never] = ['c', 'd'].map((letter) => `sha256:${letter.repeat(64)}`);
  const image = { app: 'shop', repository: 'ghcr.io/acme/shop', digest: kept ?? '', tag: '1.6.0' };
  await leaveRun(evidence, { run: { id: 8 }, record: { images: [image] } });
  const body = `Ostack-Run: ${ops.stage.serverUrl}/acme/apps/actions/runs/8`;
  const merged: string[] = [];
  for (const [branch, digest = ''] of [['kept', kept] as const, ['never', never] as const]) {
    const { number, head } = await propose(ops, branch, { [STAGING]: pinned(digest) });
    await rest(ops.stage, `PATCH /repos/${ops.name}/pulls/${number}`, { body });
    await judged();
    expect(await gateOf(head)).toMatch(branch === 'kept' ? /^success: Allowed/ : /^failure: .*Nothing proves where/);
    const { body: artifacts } = await rest(ops.stage, 'GET /repos/acme/apps/actions/runs/8/artifacts');
    const id = at(artifacts, 'artifacts', 0, 'id');
    if (id !== 'undefined') {
      await rest(ops.stage, `DELETE /repos/acme/apps/actions/artifacts/${id}`);
    }
    merged.push(at((await rest(ops.stage, `PUT /repos/${ops.name}/pulls/${number}/merge`, {})).body, 'sha'));
  }
  expect((await audited()).map(({ commit }) => commit)).toEqual(merged.slice(1));
});
