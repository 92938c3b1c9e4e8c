import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { LocalRepository } from '../../../src/local/stage.js';
import { HOLDS_FILE, readHolds } from '../../../src/ops/policy/holds.js';
import { blobId } from '../../../src/ops/tree/blob-id.js';
import { runAction } from '../../support/run-action.js';
import { errorsOf, type OpsStage, opsStage, overlay, stageEnv } from '../bump-ops-overlay/support.js';
import { promote } from '../promote/support.js';
import { run } from '../rollback/support.js';

const fileOf = (environment: string) => `overlays/${environment}/my-app/kustomization.yaml`;
const policyOf = (prod: string, stage = '') =>
  `environments:\n  stage: { cd: true${stage} }\n  prod: { after: stage, cd: true${prod} }\n`;
const source = (environment: string, version: string) => ({
  'bases/my-app/kustomization.yaml': 'resources: [deployment.yaml]\n',
  [fileOf(environment)]: overlay(version),
});
/** What materialize writes of the app, in a folder of a branch. */
function rendered(version: string, folder = '') {
  const file = 'shop/deployment-my-app.yaml';
  const text = `kind: Deployment\nspec: { template: { spec: { containers: [{ image: "ghcr.io/acme/my-app:${version}" }] } } }\n`;
  const list = `${JSON.stringify({ files: { [file]: blobId(text) } })}\n`;
  return { [`${folder}${file}`]: text, [`${folder}.ostack-materialized`]: list };
}

let world: OpsStage;
let live: LocalRepository;
beforeAll(async () => {
  world = await opsStage({ 'README.md': 'Clusters\n' });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});
let count = 0;
/** Another repository for each test, called anew; the ops repository is begun anew, too. */
beforeEach(async () => {
  count += 1;
  live = await world.stage.github.createRepository(`acme/live-${count}`, { files: { 'README.md': 'Live\n' } });
});

const tokenFor = (...names: string[]) =>
  world.stage.github.issueToken({ actor: 'octocat', repositories: ['acme/apps', 'acme/ops', ...names] });
const heads = async () => JSON.stringify([await world.ops.refs(), await live.refs()]);
const versionIn = (text: string | undefined) => /newTag: "([^"]*)"/.exec(text ?? '')?.[1];

/** Where prod lives, and what is there. */
interface Row {
  /** What `ostack.yaml` says of prod; `{live}` is the other repository. */
  prod: string;
  /** What the ops repository has of prod on its default branch. */
  home?: Record<string, string>;
  /** What is on branches, of the ops repository (`ops:`) or of the other one (`live:`). */
  branches?: Record<string, Record<string, string>>;
  /** Where what is written of prod goes to: a branch, likewise. Otherwise what every verb says. */
  expected: { at: string } | { error: string };
  /** Whether the token reaches the other repository. */
  reaches?: boolean;
}

const OWN = ', branch: env/prod';
const OTHER = ', branch: env/prod, repository: "{live}"';
const HOME = source('prod', '1.2.0');
const UNREAD =
  'Could not see whether materialize renders prod in {live}: GitHub answered "Could not resolve to a Repository';
const ROWS: [string, Row][] = [
  [
    'this repository, rendered',
    { prod: OWN, home: HOME, branches: { 'ops:env/prod': rendered('1.2.0') }, expected: { at: 'ops:main' } },
  ],
  [
    'this repository, not rendered',
    { prod: OWN, branches: { 'ops:env/prod': HOME }, expected: { at: 'ops:env/prod' } },
  ],
  [
    'this repository, not there',
    { prod: ', branch: env/gone', home: HOME, expected: { error: 'acme/ops has no branch env/gone' } },
  ],
  [
    'another repository, rendered',
    { prod: OTHER, home: HOME, branches: { 'live:env/prod': rendered('1.2.0') }, expected: { at: 'ops:main' } },
  ],
  [
    'another repository, rendered on its default branch',
    {
      prod: ', repository: "{live}"',
      home: HOME,
      branches: { 'live:main': rendered('1.2.0') },
      expected: { at: 'ops:main' },
    },
  ],
  [
    'another repository, not rendered',
    { prod: OTHER, branches: { 'live:env/prod': HOME }, expected: { at: 'live:env/prod' } },
  ],
  ['another repository, not there', { prod: OTHER, home: HOME, expected: { error: '{live} has no branch env/prod' } }],
  [
    'another repository, unreadable',
    {
      prod: OTHER,
      home: HOME,
      branches: { 'live:env/prod': rendered('1.2.0') },
      reaches: false,
      expected: { error: UNREAD },
    },
  ],
  [
    'another repository, unreadable and not rendered',
    { prod: OTHER, branches: { 'live:env/prod': HOME }, reaches: false, expected: { error: UNREAD } },
  ],
];

/** Makes the world of a row. */
async function begin({ prod, home = {}, branches = {}, reaches = true }: Row) {
  const gone = Object.keys(await world.ops.refs()).filter((ref) => ref !== 'refs/heads/main');
  for (const ref of gone) {
    await world.ops.setRef(ref, null);
  }
  const clean = { [HOLDS_FILE]: null, [fileOf('prod')]: null, 'overlays/other/x/kustomization.yaml': null };
  await world.push('main', {
    ...clean,
    ...source('stage', '1.3.0'),
    'ostack.yaml': policyOf(prod.replace('{live}', live.name)),
    ...home,
  });
  for (const [place, files] of Object.entries(branches)) {
    const [which, branch = ''] = place.split(':');
    await (which === 'ops' ? world.ops : live).commit(branch, files, 'feat: prod', {
      name: 'Ada',
      email: 'ada@acme.dev',
    });
  }
  const token = reaches ? world.stage.token : tokenFor();
  const read = (place: string, file: string) => {
    const [which, branch = ''] = place.split(':');
    return (which === 'ops' ? world.ops : live).read(branch, file);
  };
  return { token, read };
}

describe.each(ROWS)('an environment that lives on a branch of %s', (_where, row) => {
  const named = (text: string) => text.replaceAll('{live}', live.name);
  const release = (tag: string, token: string) => world.bump({ 'apps-token': '', digest: '', tag, token });

  test('is written where its source is, by every verb, or by none with what to do', async () => {
    const { token, read } = await begin(row);
    const { expected } = row;
    if ('error' in expected) {
      const before = await heads();
      for (const [verb, said] of Object.entries({
        bump: errorsOf(await release('1.4.0', token)),
        promote: (await promote(world, { to: 'prod', token, merge: 'true' })).error,
        rollback: errorsOf(await run(world, 'rollback', { environment: 'prod', direct: 'true', token })),
        hold: errorsOf(await run(world, 'hold', { environment: 'prod', token })),
        'lift-hold': errorsOf(await run(world, 'lift-hold', { environment: 'prod', token })),
      })) {
        expect([verb, said]).toEqual([verb, expect.stringContaining(named(expected.error))]);
      }
      const after = await heads();
      // A release goes to stage where nothing of prod can be here.
      const isAlone = row.home === undefined || expected.error.includes('has no branch');
      expect([versionIn(await world.ops.read('main', fileOf('stage'))), after === before]).toEqual(
        isAlone ? ['1.4.0', false] : ['1.3.0', true],
      );
      return;
    }
    const place = named(expected.at);
    const prod = async () => versionIn(await read(place, fileOf('prod')));
    const bumped = await release('1.4.0', token);
    expect([errorsOf(bumped), bumped.results.map(({ environment }) => environment)]).toEqual(['', ['stage', 'prod']]);
    const promoted = await promote(world, { to: 'prod', merge: 'true', token });
    expect([promoted.error, await prod()]).toEqual(['', '1.4.0']);
    const back = await run(world, 'rollback', { environment: 'prod', direct: 'true', token });
    expect([errorsOf(back), await prod()]).toEqual(['', '1.2.0']);
    const holds = async () => readHolds(await read(place, HOLDS_FILE)).map(({ environment }) => environment);
    expect(await holds()).toEqual(['prod']);
    expect(errorsOf(await run(world, 'lift-hold', { environment: 'prod', token }))).toBe('');
    expect(await holds()).toEqual([]);
    expect(errorsOf(await run(world, 'hold', { environment: 'prod', token }))).toBe('');
    expect(await holds()).toEqual(['prod']);
    const others = ['ops:main', ...Object.keys(row.branches ?? {})].filter((each) => each !== place);
    for (const other of others) {
      expect([other, await read(other, HOLDS_FILE)]).toEqual([other, undefined]);
    }
  });
});

const ask = (action: string, inputs: Record<string, string>) =>
  runAction({
    action,
    inputs: { token: world.stage.token, ...inputs },
    env: { ...stageEnv(world.stage), GITHUB_REPOSITORY: 'acme/ops', GITHUB_ACTOR: 'ada', PATH: '/nowhere' },
  });

describe('an environment that is rendered into another repository', () => {
  const rows = new Map(ROWS);
  const row = rows.get('another repository, rendered') ?? { prod: '', expected: { at: '' } };

  test('is told by what its manifests run, with what is proposed of its source and the hold there', async () => {
    await begin(row);
    await world.bump({ 'apps-token': '', digest: '', tag: '1.4.0' });
    await run(world, 'hold', { environment: 'prod', token: world.stage.token });
    await world.push('main', { [fileOf('prod')]: overlay('1.3.0') });
    const { summary, stdout } = await ask('status', {});
    expect(stdout).not.toContain('::warning');
    expect(summary).toMatch(/\*\*my\\-app\*\* \| `1\.4\.0`, [^|]*\| `1\.2\.0`, [^|]*on hold/);
    await live.commit('env/prod', rendered('1.3.0'), 'materialize', { name: 'Ada', email: 'ada@acme.dev' });
    expect((await ask('status', {})).summary).toMatch(/\*\*my\\-app\*\* \| `1\.4\.0`, [^|]*\| `1\.3\.0`, /);
  });

  test('is onboarded, lifted and overridden where its source is', async () => {
    await begin(row);
    const { stdout } = await ask('onboard', { app: 'other', environment: 'prod', image: 'ghcr.io/acme/other:1.0.0' });
    expect(stdout).not.toContain('lives on the branch');
    await begin({ ...row, reaches: false });
    const refused = await ask('onboard', {
      app: 'x',
      environment: 'prod',
      image: 'ghcr.io/acme/x:1',
      token: tokenFor(),
    });
    expect(errorsOf(refused)).toContain(`Could not see whether materialize renders prod in ${live.name}`);
  });

  test('hands on what its manifests run, whatever its source says already', async () => {
    await begin({ prod: '', home: source('prod', '1.2.0'), expected: { at: '' } });
    const stage = `, branch: env/stage, repository: ${live.name}`;
    await world.push('main', { 'ostack.yaml': policyOf('', stage), [fileOf('stage')]: overlay('1.6.0') });
    await live.commit('env/stage', rendered('1.3.0'), 'materialize', { name: 'Ada', email: 'ada@acme.dev' });
    const early = await promote(world, { to: 'prod', merge: 'true', apps: 'my-app' });
    expect(early.error).toContain('prod takes my-app 1.6.0 only once it is in stage, which runs 1.3.0.');
    expect(versionIn(await world.ops.read('main', fileOf('prod')))).toBe('1.2.0');
    // A release is proposed there, and not merged by itself either.
    const bumped = await world.bump({ 'apps-token': '', digest: '', tag: '1.6.0' });
    expect(bumped.results).toMatchObject([{ action: 'unchanged' }, { environment: 'prod', action: 'created' }]);
    await live.commit('env/stage', rendered('1.6.0'), 'materialize', { name: 'Ada', email: 'ada@acme.dev' });
    expect((await promote(world, { to: 'prod', merge: 'true', apps: 'my-app' })).error).toBe('');
    expect(versionIn(await world.ops.read('main', fileOf('prod')))).toBe('1.6.0');
  });
});
