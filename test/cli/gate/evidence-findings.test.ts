// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows are spelled like that.
import { describe, expect, test } from '@jest/globals';
import { asksForEvidence, evidenceFindings, evidenceSources } from '../../../src/cli/gate/evidence-findings.js';
import { readEvidence } from '../../../src/cli/gate/read-evidence.js';
import type { AppState, EvidenceState } from '../../../src/cli/gate/state.js';
import { connect } from '../../../src/github/client.js';
import { startStage } from '../../../src/local/stage.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { goodState } from './gate-state.js';

const good = goodState();
const OPS = { id: 1, slug: 'ops-app', clientId: 'c', permissions: {}, installed: 'all' } as const;
const branch = { name: 'main', oid: 'a', isReviewed: true, isMakeable: false };
const rule = (from: string, more = '') =>
  `{ match: "ghcr.io/${from}/*", from: ${from}, workflow: .github/workflows/r.yml${more} }`;

test('What the policy names builds images, each repository once for the branches of a rule', () => {
  const policy = readPolicy(
    `environments: { staging: {}, production: { images: [${rule('acme/apps', ', branches: [release, "r/*"]')}] } }\nimages: [${rule('acme/apps')}, ${rule('acme/web')}, { match: "*", pinned: true }]\n`,
  );
  expect(evidenceSources(policy)).toEqual([
    { repository: 'acme/apps', branches: [] },
    { repository: 'acme/web', branches: [] },
    { repository: 'acme/apps', branches: ['release', 'r/*'] },
  ]);
  expect(evidenceSources(readPolicy('environments: { staging: {} }\n'))).toEqual([]);
});

describe('A workflow asks for evidence', () => {
  const calling = (more: string) =>
    `jobs:\n  gate:\n    uses: ostack/actions/.github/workflows/ops-gate.yml@v1\n${more}`;
  test.each<[string, string, boolean | undefined]>([
    ['where it says so', calling('    with: { evidence: true }\n'), true],
    ['not where it says otherwise', calling('    with: { evidence: false }\n'), false],
    ['not where it says nothing', calling(''), false],
    ['perhaps where an expression says it', calling('    with: { evidence: "${{ inputs.e }}" }\n'), undefined],
    ['perhaps where it calls another one', calling('').replace('ops-gate.yml@', 'other.yml@'), undefined],
    ['perhaps where it cannot be read', 'jobs: [', undefined],
  ])('%s', (_, text, expected) => {
    expect(asksForEvidence(text)).toBe(expected);
  });
});

describe('Images stay out that need evidence', () => {
  const source = (branches: (typeof branch)[] | undefined, isPublic = false) => [
    { repository: 'acme/apps', branches, isPublic },
  ];
  const all = { slug: 'ops-app', installed: 'all' as const };
  test.each<[string, EvidenceState, Pick<AppState, 'slug' | 'installed'>, RegExp[]]>([
    ['nowhere, where all is there', { isAsked: true, sources: source([branch]) }, all, []],
    ['nowhere, where none is asked for', { isAsked: false, sources: [] }, { ...all, installed: 'selected' }, []],
    ['where nobody asks', { isAsked: false, sources: source([branch]) }, all, [/does not say "evidence: true"/]],
    ['where nobody can tell', { isAsked: undefined, sources: source([branch]) }, all, [/does not show whether/]],
    [
      'where the App may not be installed',
      { isAsked: true, sources: source([branch]) },
      { ...all, installed: 'selected' },
      [/runs of acme\/apps where it is.*--new-key ops/],
    ],
    [
      'nowhere, where everybody may read the runs',
      { isAsked: false, sources: source([branch], true) },
      { ...all, installed: 'selected' },
      [],
    ],
    [
      'where whoever may write pushes',
      { isAsked: true, sources: source([{ ...branch, isReviewed: false }]) },
      all,
      [/built on main of acme\/apps.* takes no approval/],
    ],
    [
      'where whoever may write makes such a branch',
      { isAsked: true, sources: source([{ ...branch, name: 'release/1', isMakeable: true }]) },
      all,
      [/built on release\/1 of acme\/apps.*restrict creations/],
    ],
    ['where no branch is', { isAsked: true, sources: source([]) }, all, [/has no such release branch/]],
    ['where branches are hidden', { isAsked: true, sources: source(undefined) }, all, [/Nothing tells this token/]],
  ])('%s', (_, state, app, expected) => {
    const found = evidenceFindings(
      { ...good, evidence: state, apps: { ...good.apps, ops: { ...OPS, ...app } } },
      'https://github.com',
    ).map(({ text }) => text);
    expect(found).toEqual(expected.map((each) => expect.stringMatching(each)));
  });
});

test('What evidence needs is read where the policy asks for it', async () => {
  const stage = await startStage();
  try {
    const workflow = 'jobs:\n  gate:\n    uses: ostack/actions/.github/workflows/ops-gate.yml@v1\n';
    const ops = await stage.github.createRepository('acme/ops');
    const head = await ops.commit('main', { '.github/workflows/ops-gate.yml': workflow }, 'ci: a');
    const apps = await stage.github.createRepository('acme/apps', { files: { 'README.md': 'Shop\n' } });
    const github = connect({ token: stage.token, apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl });
    const policy = readPolicy(`environments: { staging: {} }\nimages: [${rule('acme/apps')}]\n`);
    const read = () => readEvidence({ github, repository: 'acme/ops' }, { ...good.repository, head }, policy);
    const found = (isReviewed: boolean) => ({
      isAsked: false,
      sources: [
        { repository: 'acme/apps', isPublic: false, branches: [expect.objectContaining({ name: 'main', isReviewed })] },
      ],
    });
    expect(await read()).toEqual(found(false));
    apps.protect('main', { requiredApprovals: 1 });
    expect(await read()).toEqual(found(true));
    // An administrator is not shown what binds others, and reads the rule itself, where the token may.
    const readBy = async (permissions?: Record<string, 'read' | 'write'>) => {
      const token = stage.github.issueToken({ actor: 'ada', administers: true, ...(permissions && { permissions }) });
      const own = connect({ token, apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl });
      return readEvidence({ github: own, repository: 'acme/ops' }, { ...good.repository, head }, policy);
    };
    expect(await readBy()).toEqual(found(true));
    expect((await readBy({ contents: 'read', metadata: 'read' })).sources).toEqual([
      { repository: 'acme/apps', isPublic: false, branches: undefined },
    ]);
    await apps.commit('release/1', { a: 'a\n' }, 'fix: a');
    await apps.commit('topic/release/1', { a: 'a\n' }, 'fix: a');
    const patterned = readPolicy(
      `environments: { staging: {} }\nimages: [${rule('acme/apps', ', branches: [main, "release/*"]')}]\n`,
    );
    expect(
      (await readEvidence({ github, repository: 'acme/ops' }, { ...good.repository, head }, patterned)).sources,
    ).toEqual([
      {
        repository: 'acme/apps',
        isPublic: false,
        branches: [
          expect.objectContaining({ name: 'main', isReviewed: true, isMakeable: false }),
          expect.objectContaining({ name: 'release/1', isReviewed: false, isMakeable: true }),
        ],
      },
    ]);
  } finally {
    await stage.close();
  }
});
