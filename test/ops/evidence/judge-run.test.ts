import { describe, expect, test } from '@jest/globals';
import {
  type Artifact,
  askedBranches,
  type ReleaseBranch,
  type Run,
  recordIn,
  reviewedBranches,
  whyNotOfWorkflow,
} from '../../../src/ops/evidence/judge-run.js';
import { namedRuns } from '../../../src/ops/evidence/named-runs.js';
import { proofOf } from '../../../src/ops/evidence/proof-reader.js';
import type { BuiltBy } from '../../../src/ops/policy/image-rules.js';

const WORKFLOW = '.github/workflows/release.yml';
const [HEAD, OTHER] = ['a'.repeat(40), 'c'.repeat(40)];
const BUILT_BY: BuiltBy = { repository: 'acme/apps', workflow: WORKFLOW, branches: [], calls: ['ostack/actions'] };
const RUN: Run = {
  ...{ id: 7, path: WORKFLOW, event: 'push', status: 'completed', conclusion: 'success', head_branch: 'main' },
  ...{ head_sha: HEAD, repository: { full_name: 'acme/apps' }, head_repository: { full_name: 'acme/apps' } },
  referenced_workflows: [{ path: `ostack/actions/${WORKFLOW}@v1`, sha: OTHER }],
};
const called = (path: string, sha = OTHER) => ({ referenced_workflows: [{ path, sha }] });

describe('A run is evidence', () => {
  test.each<[string, Partial<Run>, Partial<BuiltBy>]>([
    ['as the release workflow leaves it', {}, {}],
    ['when somebody started it', { event: 'workflow_dispatch' }, {}],
    ['with the ref that GitHub adds to the path', { path: `${WORKFLOW}@refs/heads/main` }, {}],
    ['in another spelling of the repository', {}, { repository: 'Acme/Apps' }],
    ['that called nothing', { referenced_workflows: null }, {}],
    ['that called a workflow of its own commit', called(`acme/apps/.github/workflows/b.yml@${HEAD}`, HEAD), {}],
    ['that called what the policy names', called('acme/ci/.github/workflows/b.yml@main'), { calls: ['acme/ci'] }],
    ['that called it at the commit that the policy names', {}, { calls: [`ostack/actions/${WORKFLOW}@${OTHER}`] }],
  ])('%s', (_, run, builtBy) => {
    expect(whyNotOfWorkflow({ ...RUN, ...run }, { ...BUILT_BY, ...builtBy })).toBeUndefined();
  });

  test.each<[string, Partial<Run>, Partial<BuiltBy>, string]>([
    ['of another repository', { repository: { full_name: 'acme/other' } }, {}, 'is of acme/apps, expected acme/apps'],
    ['of a fork', { head_repository: { full_name: 'mallory/apps' } }, {}, 'is of mallory/apps'],
    ['of a fork that is gone', { head_repository: null }, {}, 'is of a repository that is gone'],
    [
      'of another workflow',
      { path: '.github/workflows/test.yml' },
      {},
      'is of the workflow .github/workflows/test.yml',
    ],
    ['of a pull request', { event: 'pull_request' }, {}, 'was started by pull_request'],
    ['of a pull request with secrets', { event: 'pull_request_target' }, {}, 'was started by pull_request_target'],
    ['that goes on', { status: 'in_progress', conclusion: null }, {}, 'is not over yet'],
    ['that failed', { conclusion: 'failure' }, {}, 'ended as failure'],
    ['that was cancelled', { conclusion: 'cancelled' }, {}, 'ended as cancelled'],
    ['that called a workflow of somebody', called(`mallory/actions/${WORKFLOW}@v1`), {}, 'called mallory/actions/'],
    [
      'that called its own at another commit',
      called('acme/apps/.github/workflows/b.yml@topic'),
      {},
      'called acme/apps/',
    ],
    ['that called it at another commit', {}, { calls: [`ostack/actions@${HEAD}`] }, 'called ostack/actions/'],
    ['that called another file', {}, { calls: ['ostack/actions/.github/workflows/b.yml'] }, 'called ostack/actions/'],
    ['that called something where nothing may be', {}, { calls: [] }, '(none)'],
  ])('not %s', (_, run, builtBy, reason) => {
    expect(whyNotOfWorkflow({ ...RUN, ...run }, { ...BUILT_BY, ...builtBy })?.reason).toContain(reason);
  });

  test('and what goes on may become one', () => {
    const isWaiting = (run: Partial<Run>) => whyNotOfWorkflow({ ...RUN, ...run }, BUILT_BY)?.isWaiting;
    expect([isWaiting({ status: 'queued', conclusion: null }), isWaiting({ conclusion: 'failure' })]).toEqual([
      true,
      false,
    ]);
  });
});

describe('A record', () => {
  const artifact = (id: number, more: Partial<Artifact> = {}): Artifact => ({
    ...{ id, name: 'ostack-images', size_in_bytes: 1, expired: false, digest: 'sha256:x' },
    ...more,
  });
  test.each<[string, Artifact[], object]>([
    ['is the one of its name', [artifact(1, { name: 'logs' }), artifact(2)], { id: 2 }],
    [
      'is none where there is none',
      [artifact(1, { name: 'logs' })],
      { reason: expect.stringContaining('has no artifact') },
    ],
    ['is none of two', [artifact(1), artifact(2)], { reason: expect.stringContaining('has several artifacts') }],
    ['is none that is gone', [artifact(1, { expired: true })], { reason: expect.stringContaining('no more') }],
  ])('%s', (_, artifacts, expected) => {
    expect(recordIn(artifacts)).toMatchObject(expected);
  });
});

describe('A release branch', () => {
  const branch = (name: string, isReviewed: boolean, isMakeable = false): ReleaseBranch => ({
    ...{ name, oid: HEAD, isReviewed, isMakeable },
  });
  test('counts where changes of it take approvals', () => {
    const found = reviewedBranches([branch('main', true), branch('release/1', false)], BUILT_BY, 'https://github.com');
    expect(found).toEqual([branch('main', true)]);
    expect(reviewedBranches([branch('main', false)], BUILT_BY, 'https://github.com')).toMatchObject({
      reason: expect.stringContaining('(https://github.com/acme/apps/settings/rules)'),
    });
    expect(reviewedBranches([branch('release/1', true, true)], BUILT_BY, 'https://github.com')).toMatchObject({
      reason: expect.stringContaining('can make its branch release/1 of what nobody approved'),
    });
    expect(reviewedBranches([], BUILT_BY, '')).toMatchObject({
      reason: expect.stringContaining('has no default branch'),
    });
  });

  test.each([
    [[], 'main', []],
    [['main'], 'topic', ['main']],
    [['main', 'release/*'], 'release/1', ['main', 'release/1 found']],
    [['main', 'release/*'], 'release/1/x', ['main']],
  ])('of %j is asked of a run on %s: %j', (branches, head, asked) => {
    const found = askedBranches({ ...BUILT_BY, branches }, { head_branch: head });
    expect(found.map(({ name, isFound }) => (isFound ? `${name} found` : name))).toEqual(asked);
  });
});

test('Texts name runs of one repository, the newest of them', () => {
  const address = (name: string, id: number) => `https://github.com/${name}/actions/runs/${id}/attempts/2`;
  const texts = [1, 2, 3, 4, 5, 6, 6].map((id) => `Built: ${address('Acme/Apps', id)}.`);
  expect(namedRuns([...texts, address('acme/apps-evil', 99), address('evil/acme/apps', 8)], 'acme/apps')).toEqual([
    8, 6, 5, 4, 3,
  ]);
  expect(namedRuns(['acme/apps/actions/runs/1', '/acme/apps/actions/runs/x'], 'acme/apps')).toEqual([]);
});

describe('An image is proven', () => {
  const digest = `sha256:${'d'.repeat(64)}`;
  const image = { repository: 'ghcr.io/acme/web', tag: '1', digest, builtBy: BUILT_BY };
  const record = (repository: string, of = digest) => ({
    id: 7,
    evidence: { version: 1 as const, commit: HEAD, images: [{ app: 'web', repository, digest: of, tag: '1' }] },
  });
  test.each<[string, Parameters<typeof proofOf>[1], string]>([
    ['by a record that lists it', [record('ghcr.io/acme/web')], 'proven'],
    ['by one of several', [record('ghcr.io/acme/x'), record('ghcr.io/acme/web')], 'proven'],
    ['by none of another image', [record('ghcr.io/acme/x')], 'refused'],
    ['by none of another digest', [record('ghcr.io/acme/web', `sha256:${'e'.repeat(64)}`)], 'refused'],
    ['by nothing', [], 'refused'],
    ['by what goes on, perhaps', [{ id: 7, evidence: { isWaiting: true, reason: 'is not over yet' } }], 'waiting'],
  ])('%s', (_, runs, state) => {
    expect(proofOf(image, runs, 'https://github.com').state).toBe(state);
  });
});
