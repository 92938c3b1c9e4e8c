import { describe, expect, test } from '@jest/globals';
import { keptIn } from '../../../src/ops/evidence/kept-checks.js';
import {
  type KeptProof,
  keptProofOf,
  PROOFS_CHECK,
  readKeptProofs,
  ruleKey,
  writeKeptProofs,
} from '../../../src/ops/evidence/kept-proofs.js';
import { type EvidenceKind, evidenceOf } from '../../../src/ops/evidence/proof-reader.js';
import type { Proof } from '../../../src/ops/judgement/proof.js';
import { newProofs } from '../../../src/ops/verbs/gate/keep-proven.js';

const HEAD = 'a'.repeat(40);
const builtBy = { repository: 'acme/apps', workflow: '.github/workflows/r.yml', branches: [], calls: [] };
const image = { repository: 'ghcr.io/acme/web', tag: '1', digest: `sha256:${'d'.repeat(64)}`, builtBy };
const run = 'https://github.com/acme/apps/actions/runs/7';
const PROOF: KeptProof = {
  ...{ repository: image.repository, digest: image.digest, run, commit: HEAD, rule: ruleKey(builtBy) },
};
const TEXT = writeKeptProofs([PROOF]);

test('What is kept is one line a digest, and is read as it was written', () => {
  expect(TEXT).toBe(`ghcr.io/acme/web@${image.digest} ${run} ${HEAD} ${PROOF.rule}`);
  expect(readKeptProofs(TEXT)).toEqual([PROOF]);
  expect(writeKeptProofs([PROOF, PROOF])).toBe(TEXT);
});

test('What is kept is bounded by what GitHub takes, at whole lines', () => {
  const many = Array.from({ length: 1_000 }, (_, index) => ({ ...PROOF, repository: `ghcr.io/acme/web-${index}` }));
  const text = writeKeptProofs(many);
  expect(text.length).toBeLessThan(65_535);
  expect(readKeptProofs(text)).toEqual(many.slice(0, text.split('\n').length));
  expect(writeKeptProofs([{ ...PROOF, repository: 'x'.repeat(2_000) }])).toBe('');
});

test.each([
  ['a name with another line in it', `ghcr.io/acme/x\n${PROOF.repository} x`],
  ['a name with a space in it', `ghcr.io/acme/x ${PROOF.repository}`],
  ['no name', ''],
])('Nothing is kept of %s', (_, repository) => {
  expect(writeKeptProofs([{ ...PROOF, repository }])).toBe('');
});

test.each([
  ['a shortened digest', TEXT.replace(/d{64}/, 'dddd')],
  ['something behind the line', `${TEXT} more`],
  ['something before it', `- ${TEXT}`],
  ['a shortened commit', TEXT.replace(HEAD, 'a1')],
  ['no run', TEXT.replace(run, 'run')],
])('Nothing is read of a line with %s', (_, text) => {
  expect(readKeptProofs(text)).toEqual([]);
});

describe('A kept proof', () => {
  test.each<[string, Partial<typeof image>, boolean]>([
    ['is one of the image', {}, true],
    ['is one of the image under another tag', { tag: '2' }, true],
    ['is none of another digest', { digest: `sha256:${'e'.repeat(64)}` }, false],
    ['is none of another image', { repository: 'ghcr.io/acme/other' }, false],
    ['is none where the policy names another workflow', { builtBy: { ...builtBy, workflow: 'x.yml' } }, false],
    ['is none where the policy names another repository', { builtBy: { ...builtBy, repository: 'acme/x' } }, false],
  ])('%s', (_, more, isFound) => {
    expect(keptProofOf({ ...image, ...more }, [PROOF]) !== undefined).toBe(isFound);
  });
});

describe('A check run keeps proofs', () => {
  const check = {
    ...{ name: PROOFS_CHECK, head_sha: HEAD, conclusion: 'success', app: { slug: 'ops' }, output: { text: TEXT } },
  };
  test.each<[string, object, boolean]>([
    ['as the ops App made it', {}, true],
    ['not by another App', { app: { slug: 'github-actions' } }, false],
    ['not by an App that is gone', { app: null }, false],
    ['not under another name', { name: 'oStack / gate' }, false],
    ['not of another commit', { head_sha: 'b'.repeat(40) }, false],
    ['not as a failure', { conclusion: 'failure' }, false],
    ['not before it is over', { conclusion: null }, false],
    ['not without a text', { output: { text: null } }, false],
  ])('%s', (_, more, isKept) => {
    expect(keptIn({ ...check, ...more }, 'ops', HEAD)).toEqual(isKept ? [PROOF] : []);
  });
});

describe('Kinds of evidence are asked one after another', () => {
  const proven: Proof = { state: 'proven', by: PROOF, isKept: true };
  const other = { ...image, repository: 'ghcr.io/acme/other' };
  const kind = (of: (name: string) => Proof | undefined, asked: string[] = []): EvidenceKind => ({
    proofs: async (images) => {
      asked.push(...images.map(({ repository }) => repository));
      return images.map(({ repository }) => of(repository));
    },
  });
  const said = async (...kinds: EvidenceKind[]) => {
    const proofs = await evidenceOf(kinds).readerFor({
      repository: { owner: 'acme', name: 'ops' },
      head: HEAD,
      texts: [],
    })('staging', [image, other]);
    return proofs.map((proof) => (proof.state === 'proven' ? 'proven' : proof.reason));
  };

  test('the next for what the one before does not prove', async () => {
    const asked: string[] = [];
    const kept = kind((name) => (name === image.repository ? proven : undefined));
    expect(
      await said(
        kept,
        kind(() => ({ state: 'refused', reason: 'No.' }), asked),
      ),
    ).toEqual(['proven', 'No.']);
    expect(asked).toEqual([other.repository]);
  });

  test('and none where all is proven', async () => {
    const asked: string[] = [];
    await said(
      kind(() => proven),
      kind(() => undefined, asked),
    );
    expect(asked).toEqual([]);
  });
});

test('What was proven anew is kept at the head of its pull request, and nothing else', () => {
  const verdict = {
    environment: 'staging',
    state: 'pending',
    reason: '',
    touched: true,
    line: '',
    targets: [],
  } as const;
  const by = { run, commit: HEAD };
  const pulls = [
    { number: 1, head: 'h1', problem: undefined, verdicts: [{ ...verdict, proven: [{ image, by, isKept: false }] }] },
    { number: 2, head: 'h2', problem: undefined, verdicts: [{ ...verdict, proven: [{ image, by, isKept: true }] }] },
    { number: 3, head: 'h3', problem: undefined, verdicts: [verdict] },
  ];
  expect([...newProofs(pulls)]).toEqual([['h1', [PROOF]]]);
});
