/** Values of charts that only the cluster reads. */
import { describe, expect, test } from '@jest/globals';
import { evaluateChange } from '../../../src/ops/judgement/evaluate-change.js';
import { inspectChange } from '../../../src/ops/judgement/inspect-change.js';
import { ARGO_CD, application } from '../../attacks/support/argocd.js';
import { FLUX } from '../../attacks/support/flux.js';
import { APPROVED, grace, held, NOW, nobody, ops, PRODUCTION, web } from './production.js';
import { changeOf, type Files } from './support.js';

const CLUSTER = 'clusters/production';
const FLUX_FILES: Files = { ...FLUX[0], [`${CLUSTER}/kustomization.yaml`]: 'resources: [shop.yaml]\n' };
const ARGO_FILES: Files = { ...ARGO_CD[0] };
const ENCRYPTED = 'ENC[AES256_GCM,data:aaaa,iv:bbbb,tag:cccc,type:str]';
const OTHER = ENCRYPTED.replace('aaaa', 'dddd');
const holder = (kind: string, value: string, name = 'w') =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: flux-system }\nstringData: { values.yaml: "${value}" }\nsops: { mac: "${ENCRYPTED}" }\n`;
const release = (more: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: w, namespace: flux-system }\nspec: { interval: 5m, ${more}, chart: { spec: { chart: ./charts/w, sourceRef: { kind: GitRepository, name: ops } } } }\n`;
const FROM = 'valuesFrom: [{ kind: Secret, name: w }]';
const taking = (more: string, files: Files = {}): Files => ({
  ...FLUX_FILES,
  'charts/w/Chart.yaml': 'name: w\nversion: 1.0.0\n',
  [`${CLUSTER}/r.yaml`]: release(more),
  ...files,
});
const SECRET = `${CLUSTER}/s.yaml`;
const TAKEN = taking(FROM, { [SECRET]: holder('Secret', ENCRYPTED) });
const generator = (name: string) => `resources: [shop.yaml]\nsecretGenerator: [{ name: ${name}, files: [v.env] }]\n`;
const generated = (name: string): Files =>
  taking(FROM, { [`${CLUSTER}/kustomization.yaml`]: generator(name), [`${CLUSTER}/v.env`]: `A=${ENCRYPTED}\n` });
const NO_APPROVERS = 'environments:\n  staging: {}\n  production: { after: staging }\n';

async function verdict(before: Files, edits: Record<string, string | undefined>, isApproved = false): Promise<string> {
  const facts = await inspectChange(changeOf(before, edits), 'acme/ops');
  const verdicts = await evaluateChange(facts, {
    ...{ messages: [], autoMerge: false, now: NOW, allowedSince: undefined },
    people: { ...nobody, reviews: isApproved ? [grace] : [] },
    approvers: async ({ approvers }) => ({ logins: approvers, unseen: [] }),
    history: async () => ({ entries: [], complete: true }),
  });
  const found = verdicts.find(({ environment }) => environment === 'production');
  return `${found?.state}: ${found?.reason}`;
}

describe.each<[string, Files, Files, string]>([
  ['an encrypted Secret with values', TAKEN, { [SECRET]: holder('Secret', OTHER) }, 'the Secret w comes'],
  [
    'a sealed one',
    taking(FROM, { [SECRET]: holder('SealedSecret', 'a') }),
    { [SECRET]: holder('SealedSecret', 'b') },
    'the SealedSecret w comes',
  ],
  [
    'values from an encrypted Secret that was there',
    taking('timeout: 1m', { [SECRET]: holder('Secret', ENCRYPTED) }),
    { [`${CLUSTER}/r.yaml`]: release(FROM) },
    'the Secret w, which is encrypted, comes',
  ],
  [
    'values from a Secret that somebody made by hand',
    taking('timeout: 1m'),
    { [`${CLUSTER}/r.yaml`]: release(FROM) },
    'the Secret w, which is in no file, comes',
  ],
  [
    'a generated Secret with values',
    generated('w'),
    { [`${CLUSTER}/v.env`]: `A=${OTHER}\n` },
    'an encrypted file of values comes',
  ],
  [
    'an encrypted value of a release',
    taking('timeout: 1m'),
    { [`${CLUSTER}/r.yaml`]: release(`values: { a: "${ENCRYPTED}" }`) },
    'an encrypted value comes',
  ],
  [
    'a file of values that Argo CD decrypts',
    ARGO_FILES,
    {
      'argocd/shop-production.yaml': application('production', {
        more: ', helm: { valueFiles: ["secrets://x.yaml"] }',
      }),
    },
    'the file of values secrets://x.yaml comes',
  ],
])('%s', (_name, before, edits, what) => {
  test('waits for an approver, who answers for it', async () => {
    expect(await verdict(before, edits)).toMatch(/^pending: 0 of 1 approval: waits for grace/);
    expect(await verdict(before, edits)).toContain(what);
    expect(await verdict(before, edits, true)).toMatch(/^success/);
  });
  test('is a failure where nobody approves', async () => {
    const found = await verdict({ ...before, 'ostack.yaml': NO_APPROVERS }, edits);
    expect(found).toMatch(/^failure/);
    expect(found).toContain(what);
    expect(found).toContain('name approvers of production in ostack.yaml');
  });
});

describe.each<[string, Files, Files]>([
  ['a Secret from which no chart takes values', TAKEN, { [`${CLUSTER}/t.yaml`]: holder('Secret', OTHER, 'password') }],
  ['a label of a release that takes such', TAKEN, { [`${CLUSTER}/r.yaml`]: release(`${FROM}, timeout: 1m`) }],
  [
    'values from what can be read',
    taking('timeout: 1m', {
      [SECRET]: 'apiVersion: v1\nkind: Secret\nmetadata: { name: w }\nstringData: { values.yaml: "a: 1" }\n',
    }),
    { [`${CLUSTER}/r.yaml`]: release(FROM) },
  ],
  ['a generated Secret of something else', generated('password'), { [`${CLUSTER}/v.env`]: `A=${OTHER}\n` }],
])('%s', (_name, before, edits) => {
  test('asks nobody', async () => {
    expect(await verdict({ ...before, 'ostack.yaml': NO_APPROVERS }, edits)).toMatch(/^success/);
  });
});

test('a rollback that an approver started waits for another one, where nobody can read what comes with it', async () => {
  const facts = await inspectChange(changeOf(ops(APPROVED), { [PRODUCTION]: web('1.4.0') }), 'acme/ops');
  const judged = async (doubts: readonly string[]) => {
    const verdicts = await evaluateChange(
      { ...facts, doubts: new Map([['production', doubts]]) },
      {
        ...{ messages: [], autoMerge: false, now: NOW, allowedSince: undefined },
        people: { ...nobody, author: 'app', starters: { logins: ['grace'] } },
        approvers: async ({ approvers }) => ({ logins: approvers, unseen: [] }),
        history: async () => held(['1.5.0', 20], ['1.4.0', 50]),
      },
    );
    return verdicts.find(({ environment }) => environment === 'production')?.reason;
  };
  expect(await judged([])).toBe('Takes web 1.4.0; a rollback.');
  expect(await judged(['Nobody can read it.'])).toBe('0 of 1 approval: waits for grace. Nobody can read it.');
});
