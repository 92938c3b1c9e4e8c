import { describe, expect, test } from '@jest/globals';
import { deployedTargets } from '../../../src/ops/carriers/deployed.js';
import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { withNamedApps } from '../../../src/ops/layouts/named-apps.js';
import { readState, withLayers } from '../../../src/ops/overlays/app-state.js';
import { NO_POLICY } from '../../../src/ops/policy/policy.js';
import { planRollback } from '../../../src/ops/restore/plan-rollback.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';
import { deployment } from '../../support/deployment.js';
import { lines } from './support.js';

type Files = Record<string, string>;

const path = (environment: string) => `overlays/${environment}/web/kustomization.yaml`;
const BASE = {
  'bases/web/kustomization.yaml': 'resources: [web.yaml]\n',
  'bases/web/web.yaml': deployment('web', '{ name: web, image: "ghcr.io/acme/web:0.9.0" }'),
};
const bothImages = {
  ...BASE,
  'bases/web/web.yaml': deployment(
    'web',
    '{ name: web, image: "ghcr.io/acme/web:0.9.0" }, { name: worker, image: ghcr.io/acme/web-worker }',
  ),
};
const web = (more: string) => `{ name: ghcr.io/acme/web, ${more} }`;
const worker = (tag: string) => `{ name: ghcr.io/acme/web-worker, newTag: ${tag} }`;
const kustomize = (entries: string[], base: Files = BASE): Files => ({
  ...base,
  [path('staging')]: lines(
    'resources: [../../../bases/web]',
    ...(entries.length === 0 ? [] : ['images:']),
    ...entries.map((each) => `- ${each}`),
  ),
  [path('production')]: lines('resources: [../../../bases/web]', 'images:', `- ${web('newTag: 0.9.0')}`),
});
const patched = (...tags: string[]): Files => ({
  ...kustomize([]),
  [path('staging')]: lines('resources: [../../../bases/web]', 'patches: [{ path: web.yaml }]'),
  'overlays/staging/web/web.yaml': deployment(
    'web',
    tags.map((tag, index) => `{ name: ${['web', 'debug'][index]}, image: "ghcr.io/acme/web:${tag}" }`).join(', '),
  ),
});
const application = (chart: string, tag?: string): Files => {
  const values =
    tag === undefined ? '' : `, helm: { valuesObject: { image: { repository: ghcr.io/acme/web, tag: ${tag} } } }`;
  const of = (version: string, more: string) =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: web }\nspec: { source: { repoURL: "https://charts.acme.dev", chart: web, targetRevision: ${version}${more} } }\n`;
  return { 'apps/staging/web.yaml': of(chart, values), 'apps/production/web.yaml': of('0.9.0', '') };
};
const cluster = (name: string) => `overlays/staging/${name}/web/kustomization.yaml`;
const clusters = (...tags: string[]): Files => {
  const own = (tag: string) => lines('resources: [../../../../bases/web]', 'images:', `- ${web(`newTag: ${tag}`)}`);
  return {
    ...BASE,
    ...Object.fromEntries(tags.map((tag, index) => [cluster(['eu', 'us'][index] ?? ''), own(tag)])),
    ...Object.fromEntries(['eu', 'us'].map((name) => [cluster(name).replace('staging', 'production'), own('0.9.0')])),
  };
};

/** Takes web in staging from how it is to how it was, by what its own layers had then. */
async function back(then: Files, now: Files) {
  const [before, tree] = [objectTree(then), objectTree(now)];
  const known = await locateOverlays(tree, NO_POLICY);
  const layout = await withNamedApps(tree, known, NO_POLICY, ['staging'], ['web']);
  const { deployed } = await withLayers(before, layout, await readState(before, layout, 'staging', 'web'));
  const version = deployed?.version ?? '';
  const entry = {
    ...{ oid: 'c'.repeat(40), lastOid: 'd'.repeat(40), at: new Date(0), present: true, version, pinned: [] },
    ...{ targets: deployed === undefined ? [] : deployedTargets(deployed), trailers: undefined },
    ...{ author: 'ada', pullRequest: undefined },
  };
  const goals = [{ app: 'web', from: '1.1.0', version, entry }];
  const request = { environment: 'staging', goals, hold: undefined, now: new Date(0) };
  return planRollback(tree, layout, request, () => before);
}

const DIGESTS = ['a', 'b'].map((letter) => `digest: "sha256:${letter.repeat(64)}"`);

describe('a rollback is refused, for the app would not be back,', () => {
  test.each<[what: string, then: Files, now: Files, reason: string]>([
    [
      'where two containers of one image had their own versions',
      patched('1.0.0', '0.5.0'),
      patched('1.1.0', '1.1.0'),
      'web ran several versions of ghcr.io/acme/web then: 1.0.0 (overlays/staging/web/web.yaml:8), 0.5.0',
    ],
    [
      'where clusters had their own versions',
      clusters('1.0.0', '0.8.0'),
      clusters('1.1.0', '1.1.0'),
      'web ran several versions of ghcr.io/acme/web then: 1.0.0 (overlays/staging/eu/web/kustomization.yaml:3), 0.8.0',
    ],
    [
      'where an entry of images makes it another image since',
      kustomize([web('newTag: 1.0.0')]),
      kustomize([web('newName: ghcr.io/acme/next, newTag: 1.1.0')]),
      'ghcr.io/acme/web:1.0.0 ran then, and overlays/staging/web/kustomization.yaml:3 makes it ghcr.io/acme/next now',
    ],
    [
      'where nothing carries the image of then',
      kustomize([web('newName: ghcr.io/acme/next, newTag: 1.0.0')]),
      kustomize([web('newTag: 1.1.0')]),
      'web ran ghcr.io/acme/next:1.0.0 then, and nothing in overlays/staging/web carries a version of that now',
    ],
    [
      'where the version is that of a chart now, and was that of an image',
      application('1.0.0', '5.0.0'),
      application('1.1.0'),
      'staging would have web 1.0.0, and not 5.0.0',
    ],
    [
      'where an image says the version since, and a chart did',
      application('1.0.0'),
      application('1.1.0', '5.1.0'),
      'staging would have web 5.1.0, and not 1.0.0',
    ],
  ])('%s, with what to do by hand', async (_what, then, now, reason) => {
    const message = await back(then, now).catch((error: Error) => error.message);
    expect(message).toContain(reason);
    const [, folders = ''] = /"git checkout d{12} -- ([^"]+)" brings all of it back\.$/.exec(String(message)) ?? [];
    // What is said to be run brings the files of then back, and then nothing is to be done.
    const isIn = (file: string) => folders.split(' ').some((each) => file === each || file.startsWith(`${each}/`));
    const kept = Object.entries(now).filter(([file]) => !isIn(file));
    const restored = {
      ...Object.fromEntries(kept),
      ...Object.fromEntries(Object.entries(then).filter(([file]) => isIn(file))),
    };
    expect(restored).toEqual(then);
  });
});

describe('a rollback says what is not as it was:', () => {
  test.each<[what: string, then: Files, now: Files, notes: string[]]>([
    ['nothing, where all is', kustomize([web('newTag: 1.0.0')]), kustomize([web('newTag: 1.1.0')]), []],
    [
      'an image that came since',
      kustomize([web('newTag: 1.0.0')]),
      kustomize([web('newTag: 1.1.0'), worker('7.1.0')], bothImages),
      ['ghcr.io/acme/web-worker stays at 7.1.0: it was not there then.'],
    ],
    [
      'an image that is gone since',
      kustomize([web('newTag: 1.0.0'), worker('7.0.0')], bothImages),
      kustomize([web('newTag: 1.1.0')]),
      ['ghcr.io/acme/web-worker was at 7.0.0 then, and nothing carries it now.'],
    ],
    [
      'nothing of an entry that set nothing then',
      kustomize([web('newTag: 1.0.0'), worker('7.0.0')]),
      kustomize([web('newTag: 1.1.0'), worker('7.1.0')]),
      [],
    ],
    [
      'a mirror',
      kustomize([web('newTag: 1.0.0')]),
      kustomize([web('newName: mirror.acme.dev/web, newTag: 1.1.0')]),
      ['It is mirror.acme.dev/web:1.0.0 now, and was ghcr.io/acme/web:1.0.0 then.'],
    ],
    ['nothing of digests', kustomize([web(DIGESTS[0] ?? '')]), kustomize([web(`newTag: 1.1.0, ${DIGESTS[1]}`)]), []],
    ['nothing of clusters that had one version', clusters('1.0.0', '1.0.0'), clusters('1.1.0', '1.0.0'), []],
    ['nothing of a base that said the version', kustomize([]), kustomize([web('newTag: 1.1.0')]), []],
  ])('%s', async (_what, then, now, notes) => {
    const planned = await back(then, now);
    expect(planned).toMatchObject({ state: 'change' });
    expect(planned.state === 'change' && (planned.unproved ?? [])).toEqual(notes);
  });
});

test('a version that the base says alone goes back in one environment, by an entry of its own', async () => {
  const now = kustomize([], {
    ...BASE,
    'bases/web/web.yaml': deployment('web', '{ name: web, image: "ghcr.io/acme/web:1.1.0" }'),
  });
  const planned = await back(kustomize([]), now);
  const [[file, text] = []] = planned.state === 'change' ? [...planned.change.files] : [];
  expect([file, text?.replaceAll(' ', '')]).toEqual([
    path('staging'),
    lines('resources:[../../../bases/web]', 'images:', '-name:ghcr.io/acme/web', 'newTag:0.9.0'),
  ]);
});

test('nothing to do is said of what is there, and not of what nothing carries', async () => {
  const release = (more: string) =>
    `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: web }\nspec: { interval: 5m${more} }\n`;
  const chart = (version: string) =>
    `, chart: { spec: { chart: web, version: ${version}, sourceRef: { kind: HelmRepository, name: acme } } }`;
  const files = (more: string): Files => ({
    'apps/base/web/kustomization.yaml': 'resources: [release.yaml]\n',
    'apps/base/web/release.yaml': release(chart('0.1.0')),
    ...Object.fromEntries(
      ['staging', 'production'].flatMap((name) => [
        [`apps/${name}/kustomization.yaml`, 'resources: [../base/web]\npatches: [{ path: web.yaml }]\n'],
        [`apps/${name}/web.yaml`, release(name === 'staging' ? more : chart('0.9.0'))],
      ]),
    ),
  });
  await expect(back(files(''), files(chart('1.1.0')))).rejects.toThrow(
    /^staging would have chart web at 1\.1\.0 in apps\/staging, and not at 0\.1\.0\./,
  );
});
