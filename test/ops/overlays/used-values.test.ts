import { posix } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { DeployingObject } from '../../../src/ops/overlays/layout.js';
import { readOverlay } from '../../../src/ops/overlays/overlay.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';

type Files = Record<string, string>;

const FOLDER = 'overlays/staging/web';
const values = (tag: string) => `image:\n  repository: ghcr.io/acme/web\n  tag: ${tag}\n`;
const resources = 'resources: [web.yaml]\n';

/** The values files that an overlay has. */
async function valuesIn(files: Files, named: string[] = []): Promise<string[]> {
  const inFolder = Object.fromEntries(Object.entries(files).map(([name, text]) => [`${FOLDER}/${name}`, text]));
  const object: DeployingObject = {
    ...{ file: 'argocd/web.yaml', object: 'Application/web', name: 'web', path: 'charts/web', revision: undefined },
    ...{ values: named.map((name) => `${FOLDER}/${name}`), isSetting: false, isSet: false },
  };
  const layout = { templates: ['overlays/{environment}/{app}'], deployedBy: named.length === 0 ? [] : [object] };
  const overlay = await readOverlay(objectTree(inFolder), layout, 'staging', 'web');
  const names = (overlay?.files ?? []).map(({ path }) => posix.basename(path));
  return names.filter((name) => name.startsWith('values')).sort();
}

describe('values beside a kustomization', () => {
  test.each<[string, Files, string[], string[]]>([
    ['say nothing where nothing uses them', { 'kustomization.yaml': resources }, [], []],
    ['that only a comment names say nothing', { 'kustomization.yaml': `${resources}# values.yaml\n` }, [], []],
    [
      'that have another name than those it uses',
      { 'kustomization.yaml': `${resources}# x\n` },
      ['values-eu.yaml'],
      [],
    ],
    [
      'are those of a chart that it inflates',
      { 'kustomization.yaml': 'helmCharts:\n- name: web\n  valuesFile: values.yaml\n' },
      [],
      ['values.yaml'],
    ],
    [
      'are those of a ConfigMap that it makes',
      { 'kustomization.yaml': 'configMapGenerator:\n- name: v\n  files: [values.yaml]\n' },
      [],
      ['values.yaml'],
    ],
    [
      'are those of a Secret that it makes',
      { 'kustomization.yaml': 'secretGenerator:\n- name: v\n  files:\n  - values.yaml=values.yaml\n' },
      [],
      ['values.yaml'],
    ],
    [
      'are those of a generator that it takes in',
      {
        'kustomization.yaml': 'generators: [chart.yaml]\n',
        'chart.yaml': 'kind: HelmChartInflationGenerator\nname: web\nvaluesFile: ./values.yaml\n',
      },
      [],
      ['values.yaml'],
    ],
    [
      'are those of the chart beside it',
      { 'kustomization.yaml': resources, 'Chart.yaml': 'name: web\n' },
      [],
      ['values.yaml'],
    ],
    ['are those that an Application takes', { 'kustomization.yaml': resources }, ['values.yaml'], ['values.yaml']],
  ])('%s', async (_, files, named, expected) => {
    expect(await valuesIn({ ...files, 'values.yaml': values('1.0.0') }, named)).toEqual(expected);
  });
});

describe('values in a folder without a kustomization', () => {
  const both = { 'values.yaml': values('1.0.0'), 'values-eu.yaml': values('1.1.0') };

  test.each<[string, Files, string[], string[]]>([
    ['count where nothing names any', both, [], ['values-eu.yaml', 'values.yaml']],
    ['count where an Application takes them', both, ['values-eu.yaml'], ['values-eu.yaml']],
    [
      'count where they are those of the chart',
      { ...both, 'Chart.yaml': 'name: web\n' },
      ['values-eu.yaml'],
      ['values-eu.yaml', 'values.yaml'],
    ],
    [
      'that are left over do not',
      { 'values.yaml': values('1.0.0'), 'values-old.yaml': values('0.9.0') },
      [],
      ['values.yaml'],
    ],
    [
      'that are a backup do not',
      { 'values.yaml': values('1.0.0'), 'values.bak.yaml': values('0.9.0') },
      [],
      ['values.yaml'],
    ],
    [
      'that are called so and taken do',
      { 'values-old.yaml': values('0.9.0') },
      ['values-old.yaml'],
      ['values-old.yaml'],
    ],
    ['for a place called so do', { 'values-oldenburg.yaml': values('0.9.0') }, [], ['values-oldenburg.yaml']],
  ])('%s', async (_, files, named, expected) => {
    expect(await valuesIn(files, named)).toEqual(expected);
  });
});
