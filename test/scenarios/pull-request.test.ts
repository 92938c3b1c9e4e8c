import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { jobsOf, openScene, PATIENCE_MS, person, play, previewFiles, type Scene, started } from './support.js';

let scene: Scene;
let ada: ReturnType<typeof person>;
beforeAll(async () => {
  scene = await openScene();
  ada = person(scene, 'ada');
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

const route = 'apps/shop/api/routes.js';
const image = async (app: string) =>
  (await scene.ops.read('ostack/previews', `previews/pr-1/${app}/kustomization.yaml`))?.match(/newTag: .+|digest: .+/g);
const push = async (text: string) =>
  scene.apps.commit('seeds', { [route]: `${await scene.apps.read('main', route)}// ${text}\n` }, `feat: ${text}`);

/** One pull request from its first commit to its end: each step builds on the one before. */
describe('a pull request', () => {
  let head = '';

  test(
    'is tested, built, and gets an environment, a comment, a deployment and its one check',
    async () => {
      head = await push('sell seeds');
      const jobs = jobsOf(await play(scene, () => ada.open('seeds', 'feat(shop): sell seeds')));
      const success = 'success';
      expect(jobs).toEqual({
        test: success,
        images: success,
        preview: success,
        cleanup: 'skipped',
        'delete-images': 'skipped',
        result: success,
      });
      expect(await previewFiles(scene)).toEqual(
        expect.arrayContaining([
          'previews/records/pr-1.yaml',
          'previews/clusters/staging/pr-1.yaml',
          'previews/pr-1/kustomization.yaml',
          'previews/pr-1/mailer/kustomization.yaml',
          'previews/pr-1/shop/kustomization.yaml',
        ]),
      );
      expect(await image('shop')).toEqual(expect.arrayContaining([`newTag: pr-1-${head}`]));
      expect(await scene.ops.read('ostack/previews', 'previews/pr-1/shop/kustomization.yaml')).toContain(
        '/acme/previews/shop',
      );
      expect(await image('mailer')).toEqual(expect.arrayContaining(['newTag: 0.4.0']));
      const comments = await ada.comments(1);
      expect(comments).toHaveLength(1);
      expect(comments[0]).toContain('https://shop.pr-1.preview.acme.example');
      expect(await ada.deployments('pr-1')).toEqual(['in_progress']);
      expect(await ada.checks(head)).toMatchObject({ 'pull-request / Result': 'success' });
    },
    PATIENCE_MS,
  );

  test(
    'that gets another commit has it in the same environment and the same comment',
    async () => {
      const before = await image('shop');
      head = await push('sell more seeds');
      await play(scene, async () => undefined);
      expect(await image('shop')).not.toEqual(before);
      expect(await image('shop')).toEqual(expect.arrayContaining([`newTag: pr-1-${head}`]));
      const comments = await ada.comments(1);
      expect(comments).toHaveLength(1);
      expect(comments[0]).toContain(`Commit \`${head.slice(0, 7)}\``);
    },
    PATIENCE_MS,
  );

  test(
    'in the merge queue is tested, and that is all',
    async () => {
      const before = await scene.ops.refs();
      const runs = await play(scene, () => scene.apps.queue(1));
      const skipped = 'skipped';
      expect(jobsOf(runs)).toEqual({
        test: 'success',
        images: skipped,
        preview: skipped,
        cleanup: skipped,
        'delete-images': skipped,
        result: 'success',
      });
      expect(await scene.ops.refs()).toEqual(before);
    },
    PATIENCE_MS,
  );

  test(
    'that is merged loses its environment, and its image is built anew for the release',
    async () => {
      const [built] = (await image('shop'))?.filter((line) => line.startsWith('digest')) ?? [];
      const runs = await play(scene, () => ada.merge(1));
      const skipped = 'skipped';
      expect(jobsOf(runs)).toEqual({
        test: skipped,
        images: skipped,
        preview: skipped,
        cleanup: 'success',
        'delete-images': 'success',
        result: 'success',
      });
      expect(await previewFiles(scene)).toEqual([]);
      expect(await ada.deployments('pr-1')).toEqual(['inactive', 'inactive']);
      expect((await ada.comments(1)).map((body) => /### .*/.exec(body)?.[0])).toEqual(['### Preview `pr-1`: removed']);
      const released = await scene.ops.read('main', 'overlays/staging/shop/kustomization.yaml');
      expect(released).toMatch(/digest: "?sha256:[0-9a-f]{64}/);
      expect(released).not.toContain(built);
      expect(released).not.toContain('/previews/');
    },
    PATIENCE_MS,
  );
});

test(
  'a pull request whose tests fail has a red check, and an environment to look at all the same',
  async () => {
    const broken = { 'apps/mailer/test/broken.test.js': "throw new Error('no');\n" };
    const head = await scene.apps.commit('broken', broken, 'feat: broken');
    let number = 0;
    const runs = await play(scene, async () => {
      number = await ada.open('broken', 'feat(mailer): broken');
    });
    expect(jobsOf(runs)).toMatchObject({ test: 'failure', preview: 'success', result: 'failure' });
    expect(await ada.checks(head)).toMatchObject({ 'pull-request / Result': 'failure' });
    expect(await previewFiles(scene)).toContain(`previews/records/pr-${number}.yaml`);

    await play(scene, () => ada.set(number, 'closed'));
    expect(await previewFiles(scene)).toEqual([]);
    await play(scene, () => ada.set(number, 'open'));
    expect(await previewFiles(scene)).toContain(`previews/records/pr-${number}.yaml`);
  },
  PATIENCE_MS,
);

test(
  'a pull request of Dependabot is tested only: its runs have no secrets',
  async () => {
    await scene.apps.commit('bump', { 'apps/mailer/README.md': 'Bumped\n' }, 'build: bump');
    const before = await scene.ops.refs();
    const bot = person(scene, 'dependabot[bot]');
    const runs = await play(scene, () => bot.open('bump', 'build: bump'));
    expect(jobsOf(runs)).toMatchObject({ test: 'success', images: 'skipped', preview: 'skipped', result: 'success' });
    expect(await scene.ops.refs()).toEqual(before);
  },
  PATIENCE_MS,
);

test(
  'what the sweep finds of a pull request whose end nobody heard of goes',
  async () => {
    await scene.apps.commit('lost', { [route]: `${await scene.apps.read('main', route)}// lost\n` }, 'feat: lost');
    let number = 0;
    await play(scene, async () => {
      number = await ada.open('lost', 'feat(shop): lost');
    });
    const record = await scene.ops.read('ostack/previews', `previews/records/pr-${number}.yaml`);
    await play(scene, () => ada.set(number, 'closed'));
    // As if the event had not arrived: what it removed is there again.
    await scene.ops.commit('ostack/previews', { [`previews/records/pr-${number}.yaml`]: record ?? '' }, 'restore');
    expect(await previewFiles(scene)).toContain(`previews/records/pr-${number}.yaml`);
    const runs = await scene.runner.dispatch({ repository: 'acme/ops', event: 'schedule' });
    expect(runs.map(({ workflow, conclusion }) => `${workflow}: ${conclusion}`)).toContain('Previews: success');
    expect(await previewFiles(scene)).not.toContain(`previews/records/pr-${number}.yaml`);
  },
  PATIENCE_MS,
);

test(
  'a push ends the run of the commit before, and the end of a pull request ends whatever runs for it',
  async () => {
    const change = (text: string) =>
      scene.apps.commit('hasty', { 'apps/mailer/README.md': `${text}\n` }, `docs: ${text}`);
    await change('first');
    let number = 0;
    const all = await play(scene, async () => {
      const first = started(scene, 'Test');
      number = await ada.open('hasty', 'docs(mailer): hasty');
      await first;
      const second = started(scene, 'Environment');
      await change('second');
      await scene.stage.github.passTime();
      await second;
      await ada.set(number, 'closed');
    });
    const runs = all.filter(({ workflow }) => workflow === 'Pull request');
    // What was not tested to its end must not look as if it had passed.
    expect(jobsOf(runs)).toMatchObject({ test: 'cancelled', cleanup: 'skipped', result: 'failure' });
    expect(jobsOf(runs.slice(1))).toMatchObject({ cleanup: 'skipped', result: 'failure' });
    expect(jobsOf(runs.slice(2))).toMatchObject({ test: 'skipped', cleanup: 'success', result: 'success' });
    expect((await previewFiles(scene)).filter((path) => path.includes(`pr-${number}`))).toEqual([]);
  },
  PATIENCE_MS,
);

test(
  'without a GitHub App pull requests are tested, and told why they have no environment',
  async () => {
    scene.runner.vars.set('acme', { OSTACK_APP_CLIENT_ID: '' });
    await scene.apps.commit('plain', { 'apps/mailer/README.md': 'Plain\n' }, 'docs: plain');
    const runs = await play(scene, () => ada.open('plain', 'docs(mailer): plain'));
    expect(jobsOf(runs)).toMatchObject({ test: 'success', images: 'skipped', preview: 'skipped', result: 'success' });
    expect(scene.log.join('\n')).toContain('There is no environment, because this run has no app-client-id.');
  },
  PATIENCE_MS,
);
