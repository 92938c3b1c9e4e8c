import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../src/ops/layouts/locate-overlays.js';
import { environmentApps } from '../../src/ops/overlays/environment-apps.js';
import { NO_POLICY } from '../../src/ops/policy/policy.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import { countingTree } from './counting-tree.js';

type Form = (app: string, index: number) => Record<string, string>;

const entry = (app: string) => `images:\n- name: ghcr.io/acme/${app}\n  newTag: 1.0.0\n`;

/** The overlays of an app in both environments, with or without a base beside them. */
function overlays(folder: string, app: string, hasBase = true): Record<string, string> {
  const all = ['staging', 'production'].map((environment) => [
    `${folder.replace('{environment}', environment)}/kustomization.yaml`,
    entry(app),
  ]);
  return { ...Object.fromEntries(all), ...(hasBase ? { [`${app}/base/kustomization.yaml`]: '' } : {}) };
}

const usual: Form = (app) => overlays(`${app}/overlays/{environment}`, app);
const plain: Form = (app) => overlays(`${app}/{environment}`, app);
const inEnvs: Form = (app) => overlays(`${app}/envs/{environment}`, app, false);
const values: Form = (app) =>
  Object.fromEntries(
    ['staging', 'production'].map((environment) => [
      `${app}/values-${environment}.yaml`,
      `image: { repository: ghcr.io/acme/${app}, tag: 1.0.0 }\n`,
    ]),
  );
const after =
  (count: number, first: Form, then: Form): Form =>
  (app, index) =>
    (index < count ? first : then)(app, index);

const FORMS: [what: string, form: Form][] = [
  ['overlays', usual],
  ['environments', plain],
  ['a folder of environments and no base', inEnvs],
  ['files of values', values],
  ['overlays, and then a folder of environments', after(45, usual, inEnvs)],
  ['overlays, and then environments', after(45, usual, plain)],
  ['a folder of environments, and then files of values', after(45, inEnvs, values)],
  [
    'overlays, and then a team with several apps',
    after(60, usual, (app) => overlays(`team/${app}/overlays/{environment}`, app, false)),
  ],
  ['nothing, and then overlays', (app, index) => (index < 45 ? { [`aaa-${app}/README.md`]: '' } : usual(app, index))],
  [
    'overlays in a folder of apps, and then their own',
    after(5, (app) => overlays(`apps/${app}/overlays/{environment}`, app, false), usual),
  ],
  ['a team each with an app', (app) => overlays(`team-of-${app}/${app}/overlays/{environment}`, app, false)],
  [
    'nothing, and environments at the root',
    (app, index) => (index < 65 ? { [`${app}/README.md`]: '' } : overlays(`{environment}/${app}`, app, false)),
  ],
];

describe.each(FORMS)('of more folders at the root than are looked into, none is lost: %s', (_, form) => {
  test.each([30, 41, 70, 200])('%d', async (count) => {
    const names = Array.from({ length: count }, (__, index) => `svc-${String(index).padStart(3, '0')}`);
    const files = Object.assign({}, ...names.map(form));
    const apps = names.filter((name) =>
      Object.keys(files).some((path) => path.includes(`${name}/`) && path.includes('staging')),
    );
    if (apps.length === 0) {
      return;
    }
    const { tree, requests } = countingTree(files);
    const layout = await locateOverlays(tree, NO_POLICY);
    // One more than for few folders, where those that were not looked into have something else in them.
    expect(requests()).toBeLessThanOrEqual(5);
    for (const environment of ['staging', 'production']) {
      expect(await environmentApps(objectTree(files), layout, environment)).toEqual(apps);
    }
  });
});
