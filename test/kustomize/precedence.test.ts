import { describe, expect, test } from '@jest/globals';
import { deployedIn } from '../../src/ops/carriers/deployed.js';
import { setVersions } from '../../src/ops/carriers/set-version.js';
import { locateOverlays } from '../../src/ops/layouts/locate-overlays.js';
import { readOverlay } from '../../src/ops/overlays/overlay.js';
import { readPolicy } from '../../src/ops/policy/policy.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import { WorkCopy } from './support.js';

const WEB = { kind: 'image' as const, repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0' };
const FOLDER = 'overlays/staging/web';

const deployment = (image: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { template: { spec: { containers: [{ name: web, image: "${image}" }] } } }\n`;
const entry = (name: string, tag: string, newName?: string) =>
  `- name: ${name}\n${newName === undefined ? '' : `  newName: ${newName}\n`}  newTag: ${tag}\n`;
const patch = (tag: string) =>
  `- target: { kind: Deployment }\n  patch: '[{ "op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "ghcr.io/acme/web:${tag}" }]'\n`;

/** A kustomization, and the image of its one manifest. What is in it last of `images` is what Flux would put there. */
const CASES: [string, image: string, kustomization: string][] = [
  [
    'two entries',
    'ghcr.io/acme/web',
    `images:\n${entry('ghcr.io/acme/web', '1.0.0')}${entry('ghcr.io/acme/web', '1.0.1')}`,
  ],
  [
    'an entry that renames before one for the old name',
    'web',
    `images:\n${entry('web', '1.0.1', 'ghcr.io/acme/web')}${entry('web', '1.0.0')}`,
  ],
  [
    'an entry that renames before one for the new name',
    'web',
    `images:\n${entry('web', '1.0.0', 'ghcr.io/acme/web')}${entry('ghcr.io/acme/web', '1.0.1')}`,
  ],
  [
    'an entry beside a patch',
    'ghcr.io/acme/web:0.1.0',
    `images:\n${entry('ghcr.io/acme/web', '1.0.1')}patches:\n${patch('1.0.0')}`,
  ],
  ['an entry beside a manifest', 'ghcr.io/acme/web:1.0.0', `images:\n${entry('ghcr.io/acme/web', '1.0.1')}`],
];

describe('the version that is told is the one that kustomize builds, before a change and after it', () => {
  test.each(CASES)('%s', async (_, image, text) => {
    const files = {
      [`${FOLDER}/kustomization.yaml`]: `resources: [web.yaml]\n${text}`,
      [`${FOLDER}/web.yaml`]: deployment(image),
    };
    const tree = objectTree(files);
    const layout = await locateOverlays(tree, readPolicy(undefined));
    const overlay = await readOverlay(tree, layout, 'staging', 'web');
    await using work = await WorkCopy.of(undefined);
    await work.write(Object.entries(files));
    const before = JSON.stringify(await work.build(FOLDER));
    expect(before).toContain(`"image":"ghcr.io/acme/web:${deployedIn(overlay?.files ?? [], 'web').version}"`);
    const { files: changed } = setVersions(overlay?.files ?? [], [WEB], FOLDER);
    await work.write(changed.map(({ path, text: after }) => [path, after]));
    expect(JSON.stringify(await work.build(FOLDER))).toContain('"image":"ghcr.io/acme/web:2.0.0"');
  });
});
