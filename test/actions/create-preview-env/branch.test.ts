import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { connect } from '../../../src/github/client.js';
import { setUpPreviews } from '../../../src/ops/verbs/previews/run/set-up.js';
import { BRANCH, lines, OPS_FILES, type PreviewStage, previewStage, requestLines, warningsOf } from './support.js';

const treeSchema = v.object({ tree: v.array(v.object({ path: v.string(), type: v.string() })) });
const ROOT = 'clusters/staging/previews/ostack-previews.yaml';
const { [ROOT]: _, ...WITHOUT_ROOT } = OPS_FILES;

/** Takes previews back to where they were before they had a branch: on what is deployed. */
async function onDeployed({ ops, rest }: PreviewStage): Promise<void> {
  const moved: Record<string, string> = {};
  const { tree } = v.parse(treeSchema, await rest('GET', `/repos/acme/ops/git/trees/${BRANCH}?recursive=1`));
  for (const { path, type } of tree) {
    if (type === 'blob' && path.startsWith('previews/') && !path.endsWith('ostack-previews.yaml')) {
      const text = (await ops.read(BRANCH, path)) ?? '';
      const old = path
        .replace('previews/records/', '.ostack/previews/')
        .replace('previews/clusters/staging/', 'clusters/staging/previews/');
      moved[old] = text.replace('name: ostack-previews', 'name: flux-system').replace(/uses:\n( {2}- .*\n)+/, '');
    }
  }
  await ops.commit('main', moved, 'previews as they were', { name: 'Ada', email: 'ada@acme.dev' });
  await ops.setRef(`refs/heads/${BRANCH}`, null);
}

describe('the branch of previews', () => {
  test('is made by the set-up, before anything points to it, and by no run after that', async () => {
    await using world = await previewStage(WITHOUT_ROOT);
    const { stage, ops } = world;
    const github = connect({ token: stage.token, apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl });
    const setUp = () =>
      setUpPreviews({ github, repository: { owner: 'acme', name: 'ops' } }, 'https://github.test/acme/ops', false);
    const pull = await world.openPull('change');
    const first = await setUp();
    expect(first).toMatchObject({ branch: BRANCH, missing: true, there: false, file: ROOT, also: [] });
    expect(await world.previews()).toEqual({ active: [], queued: [] });
    const notice = 'No preview is deployed before an object in clusters/staging takes the branch ostack/previews';
    await world.create(pull);
    expect((await world.comments(pull))[0]).toContain(notice);
    await ops.commit('main', { [ROOT]: first.text }, 'previews', { name: 'Ada', email: 'ada@acme.dev' });
    expect(await setUp()).toMatchObject({ missing: false, there: true, text: first.text });
    await world.create(await world.push(pull));
    expect((await world.comments(pull))[0]).not.toContain(notice);
    const log = await ops.log(BRANCH);
    expect(log.map(({ message }) => message.split('\n')[0])).toEqual([
      'preview pr-1 updated',
      'preview pr-1 opened',
      'previews: the branch ostack/previews',
    ]);
    expect(log.map(({ committer }) => committer.name)).toEqual(['GitHub', 'GitHub', 'GitHub']);
  });

  test('takes five requests to read and to write, and follows what is deployed where previews are built from it', async () => {
    await using world = await previewStage({ ...OPS_FILES, '.github/workflows/x.yml': 'on: push\n' });
    const { ops } = world;
    const ada = { name: 'Ada', email: 'ada@acme.dev' };
    const pull = await world.openPull('change');
    const run = await world.create(pull);
    expect(requestLines(run).filter((line) => /git\/(trees|commits)|CommitPreviews/.test(line))).toHaveLength(4);
    expect(await ops.read(BRANCH, '.github/workflows/x.yml')).toBeUndefined();
    await ops.commit('main', { 'overlays/staging/x.yaml': 'x\n' }, 'a release', ada);
    expect(lines(await world.create(pull))).toEqual(['pr-1: unchanged, deploying']);
    expect(await ops.log(BRANCH)).toHaveLength(1);
    await ops.commit('main', { 'bases/other/x.yaml': 'x\n' }, 'a base', ada);
    expect(lines(await world.create(pull))).toEqual(['pr-1: unchanged, deploying']);
    expect(await ops.read(BRANCH, 'bases/other/x.yaml')).toBe('x\n');
    expect((await ops.log(BRANCH)).map(({ message }) => message.split('\n')[0])).toEqual([
      'previews: bring up to date',
      'preview pr-1 opened',
    ]);
  });
});

describe('previews that are commits on what is deployed', () => {
  test('move over in one run, and what runs stays as it is', async () => {
    await using world = await previewStage(WITHOUT_ROOT);
    const { ops } = world;
    const [one, two] = [await world.openPull('one'), await world.openPull('two')];
    await world.create(one);
    await onDeployed(world);
    const [text, object] = ['previews/pr-1/my-app/kustomization.yaml', 'clusters/staging/previews/pr-1.yaml'];
    const before = [await ops.read('main', text), await ops.read('main', object)];
    expect(lines(await world.create(two))).toEqual(['pr-1: kept, deploying', 'pr-2: opened, deploying']);
    expect(await ops.read(BRANCH, text)).toBe(before[0]);
    expect(await ops.read('main', text)).toBeUndefined();
    expect(await ops.read('main', object)).toBe(before[1]?.replace('name: flux-system', 'name: ostack-previews'));
    expect(await ops.read('main', ROOT)).toContain(`branch: ${BRANCH}`);
    expect((await ops.log('main'))[0]?.message).toMatch(/^previews: ostack\/previews instead of main\n/);
    await world.closePull(one);
    expect(lines(await world.cleanup(one))).toContain('pr-1: removed, removed');
    expect(await ops.read('main', object)).toBeUndefined();
    expect(await ops.read(BRANCH, text)).toBeUndefined();
  });

  test('stay where they are where rules keep commits away, which is said', async () => {
    await using world = await previewStage(WITHOUT_ROOT);
    const { ops } = world;
    const pull = await world.openPull('one');
    await world.create(pull);
    await onDeployed(world);
    ops.protect('main', { requiredChecks: ['ops / gate'] });
    const before = (await ops.refs())['refs/heads/main'];
    const run = await world.create(pull);
    expect([run.exitCode, (await ops.refs())['refs/heads/main']]).toEqual([0, before]);
    expect(warningsOf(run)).toContain('the rules of main keep what is left of them there');
    expect(await ops.read(BRANCH, 'previews/records/pr-1.yaml')).toBeDefined();
  });
});
