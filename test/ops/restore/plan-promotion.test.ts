import { describe, expect, test } from '@jest/globals';
import { fixtureFiles } from '../../support/fixture-files.js';
import { applied, lines, promote } from './support.js';

const fleet = fixtureFiles('ops-groups');
const at = (environment: string, path: string) => `apps/overlays/${environment}/${path}`;

describe('in the layout of groups', () => {
  test('an app gets the files of the source and references to them, and nothing else changes', async () => {
    const plan = await promote(fleet, 'staging-eu', 'production-eu', ['billing']);
    expect(plan.failed).toEqual([]);
    expect(plan.moved).toMatchObject([
      { app: 'billing', previous: '0.6.1', version: '0.7.0', isNew: false, changed: true, backwards: false },
    ]);
    expect([...plan.change.files.keys()]).toEqual([
      at('production-eu', 'billing/settings.yaml'),
      at('production-eu', 'billing/version.yaml'),
      at('production-eu', 'kustomization.yaml'),
    ]);
    expect(plan.change.deletions).toEqual([]);
    expect(plan.moved[0]?.kept).toEqual([at('production-eu', 'billing/_replicas.yaml')]);
    expect(plan.change.files.get(at('production-eu', 'kustomization.yaml'))).toBe(
      fleet[at('production-eu', 'kustomization.yaml')]?.replace(
        '  - path: billing/version.yaml\n',
        '  - path: billing/settings.yaml\n  - path: billing/version.yaml\n',
      ),
    );
  });

  test.each(['staging-eu', 'production-eu'])(
    'a file that Flux writes in %s is refused by name',
    async (environment) => {
      const path = at(environment, 'billing/version.yaml');
      const text = fleet[path]?.replace(/(image: .*)/, '$1 # {"$imagepolicy": "apps:billing"}') ?? '';
      const plan = await promote({ ...fleet, [path]: text }, 'staging-eu', 'production-eu', ['billing']);
      expect(plan.failed.map(({ error }) => error.message)).toEqual([
        expect.stringMatching(
          new RegExp(`^${path}:\\d+ is written by Flux's image automation, by its policy apps:billing`),
        ),
      ]);
      expect(plan.change.files.size).toBe(0);
    },
  );

  test('an environment without a kustomization takes nothing', async () => {
    const { [at('production-eu', 'kustomization.yaml')]: _, ...without } = fleet;
    const plan = await promote(without, 'staging-eu', 'production-eu', ['billing'], true);
    expect(plan.failed.map(({ error }) => error.message)).toEqual([
      'apps/overlays/production-eu has no kustomization.yaml, so nothing can be promoted into it. Add one, then promote again.',
    ]);
    expect(plan.change.files.size).toBe(0);
  });

  test('a version beside the folder of the app goes along, and its settings stay', async () => {
    const values = (tag: string, replicas: number) =>
      `kind: HelmRelease\nspec: { values: { replicas: ${replicas}, image: { repository: ghcr.io/acme/web, tag: ${tag} } } }\n`;
    const kustomization = 'resources: [../base/web]\npatches: [{ path: web-values.yaml }]\n';
    const files = {
      'apps/base/web/kustomization.yaml': '',
      'apps/staging/kustomization.yaml': kustomization,
      'apps/staging/web-values.yaml': values('1.1.0', 1),
      'apps/production/kustomization.yaml': kustomization,
      'apps/production/web-values.yaml': values('1.0.0', 3),
    };
    const plan = await promote(files, 'staging', 'production', ['web']);
    expect([...plan.change.files]).toEqual([['apps/production/web-values.yaml', values('1.1.0', 3)]]);
    const { 'apps/production/web-values.yaml': _, ...without } = files;
    const bare = { ...without, 'apps/production/kustomization.yaml': 'resources: [../base/web]\n' };
    const refused = await promote(bare, 'staging', 'production', ['web']);
    expect(refused.failed.map(({ error }) => error.message)).toEqual([
      'production would have web without a version, because nothing in it takes the 1.1.0 that staging has. ' +
        'Let it carry the version in the way of staging, then promote again.',
    ]);
  });

  test('promoted twice is promoted once', async () => {
    const once = applied(fleet, await promote(fleet, 'staging-eu', 'production-eu', ['billing', 'tracking']));
    const again = await promote(once, 'staging-eu', 'production-eu', ['billing', 'tracking']);
    expect(again.change).toEqual({ files: new Map(), deletions: [] });
    expect(again.moved.map(({ changed }) => changed)).toEqual([false, false]);
  });

  test('a patch that went away in the source goes with its reference', async () => {
    const path = at('staging-eu', 'billing/settings.yaml');
    const once = applied(fleet, await promote(fleet, 'staging-eu', 'production-eu', ['billing']));
    const { [path]: _, ...without } = once;
    const staging = at('staging-eu', 'kustomization.yaml');
    without[staging] = without[staging]?.replace('  - path: billing/settings.yaml\n', '') ?? '';
    const plan = await promote(without, 'staging-eu', 'production-eu', ['billing']);
    expect(plan.change.deletions).toEqual([at('production-eu', 'billing/settings.yaml')]);
    expect(plan.change.files).toEqual(
      new Map([[at('production-eu', 'kustomization.yaml'), fleet[at('production-eu', 'kustomization.yaml')]]]),
    );
  });

  test('an app that is new is refused, and the others go', async () => {
    const plan = await promote(fleet, 'test', 'staging-eu', ['notify', 'billing']);
    expect(plan.failed.map(({ app, error }) => [app, error.message])).toEqual([
      ['notify', 'staging-eu does not have notify yet. If it is to run there, promote it with "include-new".'],
    ]);
    expect(plan.moved.map(({ app }) => app)).toEqual(['billing']);
    expect([...plan.change.files.keys()].filter((path) => path.includes('notify'))).toEqual([]);
  });

  test('an app that is included comes with its base and its patches, but those that stay', async () => {
    const plan = await promote(fleet, 'test', 'staging-eu', ['notify'], true);
    expect(plan.moved).toMatchObject([{ app: 'notify', previous: null, isNew: true, notes: [] }]);
    expect([...plan.change.files.keys()]).toEqual([
      at('staging-eu', 'kustomization.yaml'),
      at('staging-eu', 'notify/settings.yaml'),
      at('staging-eu', 'notify/version.yaml'),
    ]);
    expect(plan.change.files.get(at('staging-eu', 'kustomization.yaml'))).toBe(
      fleet[at('staging-eu', 'kustomization.yaml')]
        ?.replace('  - ../../base/tracking\n', '  - ../../base/notify\n  - ../../base/tracking\n')
        .replace(
          '  - path: tracking/_host.yaml\n',
          '  - path: notify/settings.yaml\n  - path: notify/version.yaml\n  - path: tracking/_host.yaml\n',
        ),
    );
  });

  test.each<[what: string, file: string, backwards: boolean]>([
    ['in a file that stays does not make it go backwards', '_version.yaml', false],
    ['in a file that would be replaced makes it go backwards', 'version.yaml', true],
  ])('something newer %s', async (_what, file, backwards) => {
    const root = at('production-eu', 'kustomization.yaml');
    const { [at('production-eu', 'billing/version.yaml')]: version = '', ...others } = fleet;
    const files = {
      ...others,
      [at('production-eu', `billing/${file}`)]: version.replaceAll('0.6.1', '9.0.0'),
      [root]: fleet[root]?.replace('billing/version.yaml', `billing/${file}`) ?? '',
    };
    const plan = await promote(files, 'staging-eu', 'production-eu', ['billing']);
    expect(plan.failed).toEqual([]);
    expect(plan.moved).toMatchObject([{ previous: '9.0.0', version: '0.7.0', backwards }]);
  });

  test('what is there and referred to by nobody is told', async () => {
    const plan = await promote(
      { ...fleet, [at('staging-eu', 'billing/cache.yaml')]: 'kind: Deployment\n' },
      'staging-eu',
      'production-eu',
      ['billing'],
    );
    expect(plan.moved[0]?.notes).toEqual([
      'apps/overlays/production-eu/billing/cache.yaml is there and nothing refers to it.',
    ]);
  });

  test('what a patch has beside its path arrives, too', async () => {
    const staging = at('staging-eu', 'kustomization.yaml');
    const target = '    target: { kind: Deployment, name: billing }\n';
    const files = {
      ...fleet,
      [staging]:
        fleet[staging]?.replace('  - path: billing/version.yaml\n', `  - path: billing/version.yaml\n${target}`) ?? '',
    };
    const plan = await promote(files, 'staging-eu', 'production-eu', ['billing']);
    expect(plan.change.files.get(at('production-eu', 'kustomization.yaml'))).toContain(
      lines('  - path: billing/version.yaml', '    target:', '      kind: Deployment', '      name: billing'),
    );
  });

  test('the app’s entries of images that all apps share are transferred, other apps’ stay', async () => {
    const image = (name: string, tag: string) => [`  - name: ghcr.io/acme/${name}`, `    newTag: ${tag}`];
    const kustomization = (...images: string[]) =>
      lines('resources:', '  - ../../base/shop', '  - ../../base/cart', 'images:', ...images);
    const plan = await promote(
      {
        'apps/overlays/staging/kustomization.yaml': kustomization(
          ...image('cart', '2.0.0'),
          ...image('shop', '1.4.0'),
          ...image('shop-api', '1.4.0'),
        ),
        'apps/overlays/production/kustomization.yaml': kustomization(
          ...image('cart', '1.0.0'),
          ...image('shop', '1.3.0'),
        ),
      },
      'staging',
      'production',
      ['shop'],
    );
    expect(plan.failed).toEqual([]);
    expect(plan.moved).toMatchObject([{ previous: '1.3.0', version: '1.4.0' }]);
    expect(Object.fromEntries(plan.change.files)).toEqual({
      'apps/overlays/production/kustomization.yaml': kustomization(
        ...image('cart', '1.0.0'),
        ...image('shop', '1.4.0'),
        ...image('shop-api', '1.4.0'),
      ),
    });
  });
});

describe('in the oStack layout', () => {
  const overlay = (environment: string, tag: string) =>
    lines(
      `namespace: ${environment}`,
      'resources: [../../../bases/shop]',
      'images:',
      '- name: ghcr.io/acme/shop',
      `  newTag: ${tag}`,
    );
  const files = {
    'overlays/staging/shop/kustomization.yaml': overlay('staging', '1.4.0'),
    'overlays/staging/shop/ingress.yaml': 'host: staging\n',
    'overlays/production/shop/kustomization.yaml': overlay('production', '1.3.0'),
    'overlays/production/shop/ingress.yaml': 'host: production\n',
  };

  test('versions are transferred and nothing else', async () => {
    const plan = await promote(files, 'staging', 'production', ['shop']);
    expect(Object.fromEntries(plan.change.files)).toEqual({
      'overlays/production/shop/kustomization.yaml': overlay('production', '1.4.0'),
    });
    expect(plan.change.deletions).toEqual([]);
  });

  test.each<[what: string, from: string, to: string, backwards: boolean]>([
    ['something older than what is there', '1.3.0', '1.4.0', true],
    ['something older by its number, not by its letters', '1.9.0', '1.10.0', true],
    ['a prerelease of what is there', '1.4.0-rc.1', '1.4.0', true],
    ['something newer', '1.4.0', '1.3.0', false],
    ['the release of a prerelease', '1.4.0', '1.4.0-rc.1', false],
    ['the same', '1.4.0', '1.4.0', false],
    ['a version where a tag that is none is there', '1.4.0', 'main-3f2a1b', false],
    ['a tag that is no version', 'main-3f2a1b', '1.4.0', false],
  ])('of %s it is told whether it goes backwards: %s to %s, %s', async (_what, from, to, backwards) => {
    const held = {
      ...{ 'overlays/staging/shop/kustomization.yaml': overlay('staging', from) },
      ...{ 'overlays/production/shop/kustomization.yaml': overlay('production', to) },
    };
    const plan = await promote(held, 'staging', 'production', ['shop']);
    expect(plan.moved).toMatchObject([{ previous: to, version: from, backwards, changed: from !== to }]);
  });

  test('something newer in a patch makes it go backwards, too', async () => {
    const held = {
      ...files,
      'overlays/production/shop/kustomization.yaml': `${overlay('production', '1.3.0')}patches: [{ path: limits.yaml }]\n`,
      'overlays/production/shop/limits.yaml': 'spec: { image: "ghcr.io/acme/shop:1.5.0" }\n',
    };
    const plan = await promote(held, 'staging', 'production', ['shop']);
    expect(plan.moved).toMatchObject([{ version: '1.4.0', backwards: true }]);
  });

  test.each<[what: string, held: string, backwards: boolean]>([
    ['something newer', '1.5.0', true],
    ['something older', '1.3.0', false],
  ])('%s in a file that never travels counts, since it is set, too', async (_what, version, backwards) => {
    const held = {
      ...files,
      'overlays/production/shop/kustomization.yaml': `${overlay('production', '1.3.0')}patches: [{ path: _limits.yaml }]\n`,
      'overlays/production/shop/_limits.yaml': `spec: { image: "ghcr.io/acme/shop:${version}" }\n`,
    };
    const plan = await promote(held, 'staging', 'production', ['shop']);
    expect(plan.change.files.get('overlays/production/shop/_limits.yaml')).toBe(
      'spec: { image: "ghcr.io/acme/shop:1.4.0" }\n',
    );
    expect(plan.moved).toMatchObject([{ version: '1.4.0', backwards }]);
  });

  test('an app that is included comes with its overlay, in the namespace of its environment', async () => {
    const plan = await promote(
      {
        ...files,
        'overlays/staging/cart/kustomization.yaml': lines(
          'namespace: staging',
          'resources: [../../../bases/cart]',
          'patches: [{ path: limits.yaml }, { path: _host.yaml }]',
          'images: [{ name: cart, newTag: 2.0.0 }]',
        ),
        'overlays/staging/cart/limits.yaml': 'kind: Deployment\n',
        'overlays/staging/cart/_host.yaml': 'kind: Ingress\n',
      },
      'staging',
      'production',
      ['cart'],
      true,
    );
    expect(Object.fromEntries(plan.change.files)).toEqual({
      'overlays/production/cart/kustomization.yaml': lines(
        'namespace: production',
        'resources: [../../../bases/cart]',
        'patches: [{ path: limits.yaml }]',
        'images: [{ name: cart, newTag: 2.0.0 }]',
      ),
      'overlays/production/cart/limits.yaml': 'kind: Deployment\n',
    });
  });

  test('an app that is included is referred to by the kustomization of its environment, where that lists apps', async () => {
    const root = (...apps: string[]) => lines('resources:', ...apps.map((app) => `  - ${app}`));
    const cart = { 'overlays/staging/cart/kustomization.yaml': overlay('staging', '2.0.0') };
    const fleet = { ...files, ...cart, 'overlays/production/kustomization.yaml': root('shop') };
    const plan = await promote(fleet, 'staging', 'production', ['cart'], true);
    expect(plan.change.files.get('overlays/production/kustomization.yaml')).toBe(root('shop', 'cart'));
    const again = await promote(applied(fleet, plan), 'staging', 'production', ['cart', 'shop'], true);
    expect([...again.change.files.keys()]).toEqual(['overlays/production/shop/kustomization.yaml']);
  });

  test('an app is refused where the source does not have it', async () => {
    const plan = await promote(files, 'staging', 'production', ['nobody']);
    expect(plan.failed.map(({ error }) => error.message)).toEqual([
      'staging does not have nobody, so there is nothing to promote from it.',
    ]);
    expect(plan.change.files.size).toBe(0);
  });

  test.each([
    ['the same', (digest: string) => [`  digest: ${digest}`]],
    ['a tag', () => ['  newTag: 1.3.0']],
    ['both', (digest: string) => ['  newTag: 1.3.0', `  digest: ${digest}`]],
  ])('what is pinned by its digest alone arrives as a digest, where there was %s', async (_what, held) => {
    const [one, other] = ['a', 'b'].map((digit) => `sha256:${digit.repeat(64)}`);
    const pinned = (...version: string[]) => lines('images:', '- name: ghcr.io/acme/shop', ...version);
    const production = 'overlays/production/shop/kustomization.yaml';
    const plan = await promote(
      {
        'overlays/staging/shop/kustomization.yaml': pinned(`  digest: ${one}`),
        [production]: pinned(...held(other ?? '')),
      },
      'staging',
      'production',
      ['shop'],
    );
    expect(plan.failed).toEqual([]);
    expect(Object.fromEntries(plan.change.files)).toEqual({ [production]: pinned(`  digest: ${one}`) });
    expect(plan.moved).toMatchObject([{ version: 'sha256:aaaaaaaaaaaa', backwards: false, changed: true }]);
  });

  test('tags without a repository are promoted, and asked for where whose they are is not clear', async () => {
    const values = (name: string, tag: string) => `${name}: { image: { tag: ${tag} } }\n`;
    const apart = (name: string) => ({
      'bases/shop/kustomization.yaml': 'resources: []\n',
      'overlays/staging/shop/values.yaml': values(name, '1.4.0'),
      'overlays/production/shop/values.yaml': values(name, '1.3.0'),
    });
    const plan = await promote(apart('app'), 'staging', 'production', ['shop']);
    expect([...plan.change.files]).toEqual([['overlays/production/shop/values.yaml', values('app', '1.4.0')]]);
    expect(plan.moved).toMatchObject([{ previous: '1.3.0', version: '1.4.0' }]);
    const asked = await promote(apart('web'), 'staging', 'production', ['shop']);
    expect(asked.failed.map(({ error }) => error.message)).toEqual([
      expect.stringContaining('whose they are is not clear: overlays/staging/shop/values.yaml:1.'),
    ]);
  });

  test('a version that Flux writes is refused by name', async () => {
    const marked = overlay('production', '1.3.0 # {"$imagepolicy": "apps:shop:tag"}');
    const path = 'overlays/production/shop/kustomization.yaml';
    const plan = await promote({ ...files, [path]: marked }, 'staging', 'production', ['shop']);
    expect(plan.failed.map(({ error }) => error.message)).toEqual([
      expect.stringContaining(`${path}:5 is written by Flux's image automation, by its policy apps:shop:tag`),
    ]);
  });
});
