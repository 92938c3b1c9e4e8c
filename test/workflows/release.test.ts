import { delimiter } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { allDone } from '../../src/local/all-done.js';
import { type Acme, openAcme } from '../../src/local/demo/acme.js';
import { standInEnvironment } from '../../src/local/engine/environment.js';
import { thisMachine } from '../../src/local/runner/machine.js';
import { createRunner, type StageRunner } from '../../src/local/runner/stage-runner.js';
import { type Stage, seededDelays, startStage } from '../../src/local/stage.js';
import { rest } from '../local/github/support.js';

/** A whole run takes a few seconds, and these tests take several. */
const PATIENCE_MS = 120_000;

let stage: Stage;
let runner: StageRunner;
let acme: Acme;

beforeAll(async () => {
  stage = await startStage({ delays: seededDelays(6) });
  const [machine, engine] = [thisMachine(), await standInEnvironment()];
  const path = [...engine.path, machine.path].join(delimiter);
  runner = await createRunner(stage, { machine: { ...machine, path, env: engine.env } });
  acme = await openAcme(stage, runner, { operations: false });
});

afterAll(async () => {
  await runner.close();
  await stage.close();
});

const route = 'apps/shop/api/routes.js';
const mailerFile = 'apps/mailer/Dockerfile';

/** Merges files to apps, and tells how each job of the run that follows has ended. */
async function merge(title: string, files: Record<string, string>): Promise<Record<string, string>> {
  await acme.apps.commit('main', files, title);
  await allDone(stage, runner);
  expect(runner.problems).toEqual([]);
  return Object.fromEntries((runner.runs.at(-1)?.jobs ?? []).map((job) => [job.id, job.conclusion]));
}

let greetings = 0;

/** Merges what has nothing to do with any app. */
async function mergeDocs(): Promise<Record<string, string>> {
  greetings += 1;
  return await merge('docs: say hello', { 'README.md': 'Hello\n'.repeat(greetings) });
}

/** The versions that an environment holds, by image. */
async function versions(environment: string, app: string): Promise<string[]> {
  const text = await acme.ops.read('main', `overlays/${environment}/${app}/kustomization.yaml`);
  return [...(text ?? '').matchAll(/newTag: (.+)/g)].map((match) => match[1] ?? '');
}

/** What the page of a release says about its delivery. */
async function delivery(tag: string): Promise<string | undefined> {
  const response = await fetch(`${stage.apiUrl}/repos/acme/apps/releases/tags/${tag}`, {
    headers: { authorization: `Bearer ${stage.token}` },
  });
  return /<!-- ostack:delivery (\w+) -->/.exec(await response.text())?.[1];
}

async function read(path: string): Promise<string> {
  return (await acme.apps.read('main', path)) ?? '';
}

const allWell = {
  'release/test': 'success',
  'release/release': 'success',
  'release/images': 'success',
  'release/bump': 'success',
  'release/record': 'success',
};

/** One repository through its life: each test goes on where the one before has ended. */
describe('The release workflow', () => {
  test(
    'brings a merge to staging and to a pull request for production, and has nothing to do after that',
    async () => {
      const jobs = await merge('feat(shop): sell seeds by the bag', { [route]: `${await read(route)}\n` });
      expect(jobs).toEqual(allWell);
      expect(await versions('staging', 'shop')).toEqual(['1.4.0', '1.4.0']);
      expect(await versions('production', 'shop')).toEqual(['1.3.1', '1.3.1']);
      expect(await versions('staging', 'mailer')).toEqual(['0.4.0']);
      expect(Object.keys(await acme.ops.refs())).toContain('refs/heads/ostack/production/shop');
      expect(await delivery('shop-v1.4.0')).toBe('done');

      expect(await mergeDocs()).toEqual({
        ...allWell,
        'release/images': 'skipped',
        'release/bump': 'skipped',
        'release/record': 'skipped',
      });
    },
    PATIENCE_MS,
  );

  test(
    'makes a run that failed half-way good with the next one, even when that has nothing new',
    async () => {
      stage.github.faults.add({
        match: ({ body }) => body.includes('createCommitOnBranch'),
        kind: 'status',
        status: 403,
      });
      const failed = await merge('fix(shop): count the bags', { [route]: `${await read(route)}\n` });
      expect(failed).toEqual({ ...allWell, 'release/bump': 'failure', 'release/record': 'skipped' });
      expect(await versions('staging', 'shop')).toEqual(['1.4.0', '1.4.0']);
      expect(await delivery('shop-v1.4.1')).toBe('pending');

      expect(await mergeDocs()).toEqual(allWell);
      expect(await versions('staging', 'shop')).toEqual(['1.4.1', '1.4.1']);
      expect(await delivery('shop-v1.4.1')).toBe('done');
    },
    PATIENCE_MS,
  );

  test(
    'runs again only what failed, where somebody asks for that, and keeps what the attempt before recorded',
    async () => {
      stage.github.faults.add({
        match: ({ body }) => body.includes('createCommitOnBranch'),
        ...{ kind: 'status', status: 403 },
      });
      const failed = await merge('fix(shop): weigh the bags', { [route]: `${await read(route)}\n` });
      expect(failed).toEqual({ ...allWell, 'release/bump': 'failure', 'release/record': 'skipped' });
      const first = runner.runs.at(-1);
      const run = `/repos/acme/apps/actions/runs/${first?.id}`;
      const recorded = async () => (await rest(stage, `GET ${run}/artifacts?name=ostack-images`)).body;
      const before = await recorded();
      expect(before).toMatchObject({ total_count: 1 });

      expect((await rest(stage, `POST ${run}/rerun-failed-jobs`)).status).toBe(201);
      await allDone(stage, runner);
      const second = runner.runs.at(-1);
      expect([second?.id, second?.attempt, second?.conclusion]).toEqual([first?.id, 2, 'success']);
      const images = (of: typeof first) => of?.jobs.find(({ id }) => id === 'release/images');
      expect(images(second)).toBe(images(first));
      expect(await recorded()).toEqual(before);
      expect(await versions('staging', 'shop')).toEqual(['1.4.2', '1.4.2']);
      expect((await rest(stage, `POST ${run}/rerun-failed-jobs`)).status).toBe(403);
    },
    PATIENCE_MS,
  );

  test(
    'lets an app whose image does not build hold up no other',
    async () => {
      const dockerfile = await read(mailerFile);
      const broken = dockerfile.replace('COPY src src', 'COPY sources src');
      const failed = await merge('fix: both apps', { [route]: `${await read(route)}\n`, [mailerFile]: broken });
      expect(failed).toEqual({ ...allWell, 'release/images': 'failure' });
      expect(await versions('staging', 'shop')).toEqual(['1.4.3', '1.4.3']);
      expect(await versions('staging', 'mailer')).toEqual(['0.4.0']);
      expect(await delivery('mailer-v0.4.1')).toBe('pending');

      // An app that ops cannot take holds up no other either: what became of those is recorded.
      const overlay = 'overlays/staging/shop/kustomization.yaml';
      const before = (await acme.ops.read('main', overlay)) ?? '';
      await acme.ops.commit('main', { [overlay]: 'images: [\n' }, 'broken');
      const files = { [mailerFile]: dockerfile, [route]: `${await read(route)}\n` };
      expect(await merge('fix: its sources', files)).toEqual({ ...allWell, 'release/bump': 'failure' });
      expect(await versions('staging', 'mailer')).toEqual(['0.4.2']);
      expect([await delivery('mailer-v0.4.2'), await delivery('shop-v1.4.4')]).toEqual(['done', 'pending']);
      await acme.ops.commit('main', { [overlay]: before }, 'mended');
    },
    PATIENCE_MS,
  );

  test(
    'releases nothing that fails its tests, and once they pass all that is there, whatever was pushed last',
    async () => {
      const broken = { 'apps/mailer/test/broken.test.js': "throw new Error('no');\n" };
      expect(await merge('feat(mailer): greet', broken)).toEqual({
        'release/test': 'failure',
        'release/release': 'skipped',
        'release/images': 'skipped',
        'release/bump': 'skipped',
        'release/record': 'skipped',
      });
      expect(Object.keys(await acme.apps.refs())).not.toContain('refs/tags/mailer-v0.5.0');
      expect(await mergeDocs()).toMatchObject({ 'release/test': 'failure' });

      const mended = { 'apps/mailer/test/broken.test.js': '' };
      expect(await merge('test(mailer): mended', mended)).toEqual(allWell);
      expect(await versions('staging', 'mailer')).toEqual(['0.5.0']);
    },
    PATIENCE_MS,
  );

  test(
    'goes on without tests where they are switched off',
    async () => {
      const starter = await read('.github/workflows/release.yml');
      const files = {
        '.github/workflows/release.yml': starter.replace('    with:\n', '    with:\n      tests: false\n'),
        'apps/mailer/test/broken.test.js': "throw new Error('no');\n",
      };
      expect(await merge('fix(mailer): greet', files)).toEqual({ ...allWell, 'release/test': 'skipped' });
    },
    PATIENCE_MS,
  );
});
