import { describe, expect, test } from '@jest/globals';
import { imageTarget } from '../../../src/ops/carriers/image-reference.js';
import { type Circumstances, evaluateChange } from '../../../src/ops/judgement/evaluate-change.js';
import { inspectChange } from '../../../src/ops/judgement/inspect-change.js';
import type { Proof } from '../../../src/ops/judgement/proof.js';
import { at, base } from '../../attacks/support/plain.js';
import { changeOf } from './support.js';

const NEW = `sha256:${'b'.repeat(64)}`;
const overlay = (digest: string) =>
  `resources: [../../../bases/shop]\nimages: [{ name: ghcr.io/acme/shop, newTag: "1", digest: "${digest}" }]\n`;
const FILES = {
  'ostack.yaml':
    'environments: { staging: {}, production: { approvers: [grace] } }\nimages: [{ match: "*", from: acme/apps, workflow: .github/workflows/r.yml }]\n',
  ...base('shop'),
  [at('staging')]: overlay(`sha256:${'a'.repeat(64)}`),
  [at('production')]: overlay(`sha256:${'a'.repeat(64)}`),
};

async function verdictOf(environment: string, more: Partial<Circumstances>): Promise<string> {
  const facts = await inspectChange(changeOf(FILES, { [at(environment)]: overlay(NEW) }), 'acme/ops');
  const people = {
    head: 'h',
    author: 'ada',
    isFork: false,
    reviews: [],
    starters: { logins: [] },
    pushers: { logins: [] },
  };
  const verdicts = await evaluateChange(facts, {
    ...{ people, messages: [], autoMerge: false, now: new Date(0), allowedSince: undefined },
    approvers: async ({ approvers }) => ({ logins: approvers, unseen: [] }),
    history: async () => ({ entries: [], complete: true }),
    ...more,
  });
  const found = verdicts.find((verdict) => verdict.environment === environment);
  return `${found?.state}: ${found?.reason}${found?.awaitsRun === true ? ' (judged again soon)' : ''}`;
}

const PROVEN: Proof = {
  state: 'proven',
  by: { run: 'https://github.com/acme/apps/actions/runs/7', commit: 'c' },
  isKept: false,
};
const says = (proof: Proof) => ({ proofs: async () => [proof] });

describe('An image that takes evidence', () => {
  test.each<[string, string, Partial<Circumstances>, string]>([
    ['comes in where it is proven', 'staging', says(PROVEN), 'success: Takes shop 1'],
    ['is refused where it is not', 'staging', says({ state: 'refused', reason: 'No.' }), 'failure: No.'],
    [
      'waits where that is open',
      'staging',
      says({ state: 'waiting', reason: 'Soon.' }),
      'pending: Soon. (judged again soon)',
    ],
    ['waits where nobody looks', 'staging', {}, 'pending: ghcr.io/acme/shop:1@sha256:'],
    ['waits where no answer came', 'staging', { proofs: async () => [] }, 'pending: ghcr.io/acme/shop:1@sha256:'],
    ['waits for approvals, too', 'production', says(PROVEN), 'pending: 0 of 1 approval'],
  ])('%s', async (_, environment, more, expected) => {
    expect(await verdictOf(environment, more)).toContain(expected);
  });

  test('comes in where the history of the default branch has it, whatever became of the artifact', async () => {
    const entry = {
      at: new Date(0),
      present: true,
      version: '1',
      targets: [imageTarget('ghcr.io/acme/shop', '1', NEW)],
    };
    const history = async (environment: string) => ({
      entries: environment === 'production' ? [entry] : [],
      complete: true,
    });
    expect(await verdictOf('staging', { history, ...says({ state: 'refused', reason: 'Gone.' }) })).toContain(
      'success: Takes shop 1',
    );
    const other = { ...entry, targets: [imageTarget('ghcr.io/acme/other', '1', NEW)] };
    expect(
      await verdictOf('staging', {
        history: async () => ({ entries: [other], complete: true }),
        ...says({ state: 'refused', reason: 'Gone.' }),
      }),
    ).toContain('failure: Gone.');
  });
});
