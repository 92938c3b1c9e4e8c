import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { requestsStarter } from '../../src/local/demo/acme.js';
import { guardOps } from '../../src/local/demo/guard.js';
import { jobsOf, openScene, PATIENCE_MS, person, play, previewFiles, type Scene } from './support.js';

const PLAIN = '.github/workflows/previews.yml';

let scene: Scene;
let ada: ReturnType<typeof person>;
beforeAll(async () => {
  scene = await openScene();
  ada = person(scene, 'ada');
  const { ops, stage } = scene;
  const policy = ((await ops.read('main', 'ostack.yaml')) ?? '').replace(/^previews:.*\n/m, '$&  from: [acme/apps]\n');
  await ops.commit('main', { 'ostack.yaml': policy, [PLAIN]: null }, 'feat: ops writes previews');
  await guardOps(stage, ops, 'olga', await requestsStarter(), { branch: 'ostack/previews', apps: ['acme/apps'] });
}, PATIENCE_MS);
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

const route = 'apps/shop/api/routes.js';

/** The same workflow of the apps repository as ever, and no line of set-up more. */
describe('a pull request, where ops alone writes previews', () => {
  test(
    'gets its environment from the workflow in ops, and is told of it as ever',
    async () => {
      await scene.apps.commit('seeds', { [route]: `${await scene.apps.read('main', route)}// seeds\n` }, 'feat: seeds');
      const runs = await play(scene, () => ada.open('seeds', 'feat(shop): sell seeds'));
      expect(jobsOf(runs)).toMatchObject({ images: 'success', preview: 'success', result: 'success' });
      expect(jobsOf(runs, 'Preview requests')).toEqual({ serve: 'success' });
      expect(await previewFiles(scene)).toContain('previews/pr-1/shop/kustomization.yaml');
      const [own] = await scene.ops.log('ostack/previews');
      expect(own?.message).toMatch(/^preview pr-1 opened\n/);
      expect(own?.message).toContain('\nOstack-Action: serve-previews\n');
      const [comment = ''] = await ada.comments(1);
      expect(comment).toContain('https://shop.pr-1.preview.acme.example');
      expect(comment).toMatch(/written by ops \d+s after it was asked/);
      expect(await ada.deployments('pr-1')).toEqual(['in_progress']);
    },
    PATIENCE_MS,
  );

  test(
    'that is closed loses it the same way',
    async () => {
      const runs = await play(scene, () => ada.set(1, 'closed'));
      expect(jobsOf(runs)).toMatchObject({ cleanup: 'success', result: 'success' });
      expect(jobsOf(runs, 'Preview requests')).toEqual({ serve: 'success' });
      expect(await previewFiles(scene)).toEqual([]);
      expect(await ada.deployments('pr-1')).toEqual(['inactive']);
      expect((await ada.comments(1)).join()).toContain('### Preview `pr-1`: removed');
    },
    PATIENCE_MS,
  );
});
