import { describe, expect, test } from '@jest/globals';
import { setVersion } from '../../../../src/ops/carriers/set-version.js';
import { NEW, OLD, set, TAG_ONLY } from '../support.js';

describe('an image that is no image of a container', () => {
  test.each([
    ['the value of a variable', 'env:\n- name: WORKER_IMAGE\n  value: %\n'],
    ['the value of a variable of any name', 'env: [{name: JOB, value: "%"}]\n'],
    ['the value of a variable with any word', 'env: [{name: GOLDEN_IMAGE, value: "%"}]\n'],
    ['an argument', 'args: [run, "%"]\n'],
    ['an argument with its name', 'args:\n- --worker-image=%\n- --verbose\n'],
    ['an argument in Helm values', 'extraArgs:\n  - "--image=%"\n'],
    ['a word of the command', 'command: ["/run", %]\n'],
    ['a key of a ConfigMap', 'kind: ConfigMap\ndata:\n  WORKER_IMAGE: "%"\n'],
    ['a key of Helm values', 'worker:\n  jobImage: % # the job\n'],
    ['a mapping of images', 'images:\n  web: "%"\n'],
    ['an ImageStream', 'kind: ImageStream\nspec: {tags: [{name: latest, from: {kind: DockerImage, name: "%"}}]}\n'],
    ['a literal', 'configMapGenerator:\n- name: images\n  literals:\n  - WORKER_IMAGE=%\n'],
  ])('is set in %s', (_, text) => {
    const file = (version: string) => text.replace('%', `ghcr.io/acme/my-app${version}`);
    expect(set(file(':1.3.0'), TAG_ONLY)).toBe(file(':1.4.0'));
    expect(set(file(`:1.3.0@${OLD}`))).toBe(file(`:1.4.0@${NEW}`));
    expect(set(file(`@${OLD}`))).toBe(file(`@${NEW}`));
  });

  test.each([
    ['without a version', 'env: [{name: WORKER_IMAGE, value: ghcr.io/acme/my-app}]\n'],
    ['of another repository', 'env: [{name: WORKER_IMAGE, value: "ghcr.io/acme/my-app-worker:1.3.0"}]\n'],
    ['in a sentence', 'args: ["docker run ghcr.io/acme/my-app:1.3.0"]\n'],
    ['in an address', 'env: [{name: IMAGE, value: "https://ghcr.io/acme/my-app:1.3.0"}]\n'],
    ['that was there before', 'env: [{name: PREVIOUS_IMAGE, value: "ghcr.io/acme/my-app:1.3.0"}]\n'],
    ['that is the old one', 'oldImage: ghcr.io/acme/my-app:1.3.0\n'],
    ['in a label', 'labels: {from: "ghcr.io/acme/my-app:1.3.0"}\n'],
  ])('stays as it is %s', (_, text) => {
    expect(() => setVersion(text, 'deployment.yaml', TAG_ONLY)).toThrow('Nothing in deployment.yaml carries');
  });

  test('is no host with its port', () => {
    const redis = { ...TAG_ONLY, repository: 'docker.io/library/redis', image: 'redis' };
    const text = (tag: string, image: string) =>
      `containers:\n- image: redis:${tag}\n  env: [{name: CACHE, value: "redis:6379"}, {name: CACHE_IMAGE, value: "redis:${image}"}]\n`;
    expect(set(text('7.0.0', '7.0.0'), redis)).toBe(text('1.4.0', '1.4.0'));
  });
});
