import { describe, expect, test } from '@jest/globals';
import type { Target } from '../../../../src/ops/carriers/carrier.js';
import { planBump } from '../../../../src/ops/verbs/bump/plan.js';

const PATH = 'overlays/staging/shop/kustomization.yaml';
const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;

type Image = [name: string, tag: string, digest?: string];

const overlay = (...images: Image[]) => [
  {
    path: PATH,
    text: `images:\n${images.map(([name, tag, digest]) => `- name: ghcr.io/acme/${name}\n  newTag: ${tag}\n${digest === undefined ? '' : `  digest: ${digest}\n`}`).join('')}`,
  },
];

const image = (name: string, tag: string, digest?: string): Target => ({
  ...{ kind: 'image', repository: `ghcr.io/acme/${name}`, image: name, tag },
  ...(digest === undefined ? {} : { digest }),
});

const base = (ref: string) => [
  { path: PATH, text: `resources:\n- https://github.com/acme/apps//apps/shop/deploy?ref=${ref}\n` },
];
const baseTarget = (gitTag: string): Target => ({
  kind: 'base',
  repository: 'acme/apps',
  appPath: 'apps/shop',
  gitTag,
});

describe('a bump', () => {
  test.each<[what: string, held: Image[], brought: Target[], state: string]>([
    ['of something newer is a change', [['shop', '1.3.0']], [image('shop', '1.4.0')], 'change'],
    ['of what is there is none', [['shop', '1.4.0']], [image('shop', '1.4.0')], 'nothing'],
    [
      'of another digest under the same tag is a change',
      [['shop', '1.4.0', OTHER]],
      [image('shop', '1.4.0', DIGEST)],
      'change',
    ],
    ['of something older is none', [['shop', '1.5.0']], [image('shop', '1.4.0')], 'newer'],
    ['of 1.9 where 1.10 is there is none', [['shop', '1.10.0']], [image('shop', '1.9.0')], 'newer'],
    ['of a prerelease where its release is there is none', [['shop', '1.4.0']], [image('shop', '1.4.0-rc.1')], 'newer'],
    [
      'of a release where its prerelease is there is a change',
      [['shop', '1.4.0-rc.2']],
      [image('shop', '1.4.0')],
      'change',
    ],
    [
      'of a version where a tag that is none is there is a change',
      [['shop', 'main-3f2a1b']],
      [image('shop', '1.4.0')],
      'change',
    ],
    [
      'of two images of which one is newer there is none',
      [
        ['shop', '1.5.0'],
        ['shop-web', '1.3.0'],
      ],
      [image('shop', '1.4.0'), image('shop-web', '1.4.0')],
      'newer',
    ],
    [
      'looks at no image of another app',
      [
        ['shop', '1.3.0'],
        ['mailer', '9.0.0'],
      ],
      [image('shop', '1.4.0')],
      'change',
    ],
  ])('%s', (_what, held, brought, state) => {
    const plan = planBump(overlay(...held), brought, 'overlays/staging/shop');
    expect(plan.state).toBe(state);
    expect([...plan.change.files.keys()]).toEqual(state === 'change' ? [PATH] : []);
    expect([...plan.before.keys()]).toEqual(state === 'change' ? [PATH] : []);
  });

  test.each<[what: string, held: string, brought: string, state: string]>([
    ['newer is a change', 'shop-v1.3.0', 'shop-v1.4.0', 'change'],
    ['older is none', 'shop-v1.5.0', 'shop-v1.4.0', 'newer'],
    ['the same is none', 'shop-v1.4.0', 'shop-v1.4.0', 'nothing'],
  ])('of a remote base that is %s', (_what, held, brought, state) => {
    expect(planBump(base(held), [baseTarget(brought)], 'overlays/staging/shop').state).toBe(state);
  });

  test('tells what is there before, and what nothing carries', () => {
    const plan = planBump(overlay(['shop', '1.3.0']), [image('shop', '1.4.0'), image('worker', '1.4.0')], 'x');
    expect([plan.previous, plan.missing.map(({ repository }) => repository)]).toEqual([
      '1.3.0',
      ['ghcr.io/acme/worker'],
    ]);
  });

  test('that nothing carries is refused', () => {
    expect(() => planBump(overlay(['mailer', '1.0.0']), [image('shop', '1.4.0')], 'overlays/staging/shop')).toThrow(
      'overlays/staging/shop',
    );
  });
});
