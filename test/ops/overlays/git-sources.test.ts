import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { readState } from '../../../src/ops/overlays/app-state.js';
import { readOverlay } from '../../../src/ops/overlays/overlay.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';

type Files = Record<string, string>;

const source = (name: string, url: string) =>
  `apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: { name: ${name}, namespace: flux-system }\nspec: { url: "${url}" }\n`;

/** A HelmRelease in each environment whose chart is at a path that this repository has a chart at, too. */
function released(sources: Files, name = 'charts'): Files {
  const files: Files = {
    'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.1.0\n',
    'charts/web/values.yaml': 'image:\n  repository: ghcr.io/acme/web\n  tag: 1.0.0\n',
    ...sources,
  };
  for (const environment of ['staging', 'production']) {
    files[`apps/${environment}/web/kustomization.yaml`] = 'resources: [release.yaml]\n';
    files[`apps/${environment}/web/release.yaml`] =
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: web }\nspec:\n  chart:\n    spec:\n' +
      `      chart: ./charts/web\n      sourceRef: { kind: GitRepository, name: ${name}, namespace: flux-system }\n`;
  }
  return files;
}

const named = (url: string) => ({ 'clusters/production/source.yaml': source('charts', url) });

async function valuesOf(files: Files, repository?: string, text?: string) {
  const tree = objectTree(files);
  const layout = { ...(await locateOverlays(tree, readPolicy(text))), repository };
  const { deployed } = await readState(tree, layout, 'production', 'web');
  const overlay = await readOverlay(tree, layout, 'production', 'web');
  const file = overlay?.files.find(({ path }) => path === 'charts/web/values.yaml');
  return { version: deployed?.version, isThere: file !== undefined, isObeyed: file?.isObeyed === true };
}

const OURS = { version: '1.0.0', isThere: true, isObeyed: true };
const OTHERS = { version: null, isThere: false, isObeyed: false };

describe('a chart of a git repository', () => {
  test.each([
    'https://github.com/acme/ops',
    'https://github.com/acme/ops.git',
    'https://github.com/acme/ops/',
    'https://GitHub.com/Acme/Ops.git',
    'https://bot@github.com/acme/ops.git',
    'ssh://git@github.com/acme/ops',
    'ssh://git@github.com:22/acme/ops.git',
    'git@github.com:acme/ops.git',
  ])('at %s is one of this repository', async (url) => {
    expect(await valuesOf(released(named(url)), 'Acme/ops')).toEqual(OURS);
  });

  test.each([
    'https://github.com/acme/charts',
    'https://github.com/acme/ops-charts.git',
    'ssh://git@github.com/other/ops.git',
    'git@github.com:acme/web.git',
  ])("at %s is another one's, whatever is at its path here", async (url) => {
    expect(await valuesOf(released(named(url)), 'Acme/ops')).toEqual(OTHERS);
    const said = 'environments: { staging: {}, production: {} }\noverlays: ["apps/{environment}/{app}"]\n';
    expect(await valuesOf(released(named(url)), 'Acme/ops', said)).toEqual(OTHERS);
  });

  test('is compared with what a cluster is set up from, too', async () => {
    const sync = {
      'clusters/production/flux-system/gotk-sync.yaml': source('flux-system', 'ssh://git@github.com/acme/first'),
    };
    expect(await valuesOf(released({ ...sync, ...named('https://github.com/acme/first') }), 'acme/copy')).toEqual(OURS);
    expect(await valuesOf(released({ ...sync, ...named('https://github.com/acme/other') }))).toEqual(OTHERS);
    expect(await valuesOf(released(sync, 'flux-system'), 'acme/copy')).toEqual(OURS);
  });

  test('is not taken for granted where nothing says which one it is', async () => {
    expect(await valuesOf(released({}), 'acme/ops')).toEqual({ ...OURS, isObeyed: false });
  });
});
