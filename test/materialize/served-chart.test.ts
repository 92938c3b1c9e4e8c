import { describe, expect, test } from '@jest/globals';
import { type Lock, nextLock } from '../../src/materialize/lock/lock-file.js';
import { renderEnvironments, sourcePaths } from '../../src/materialize/materialize.js';
import { servedChart } from '../../src/materialize/sources/served-chart.js';
import { Tools } from '../../src/materialize/sources/tools.js';
import { configMap, Folder, NOTHING_REMOTE, REQUEST } from './support.js';

describe('a source', () => {
  test.each([
    ['oci://ghcr.io/acme/charts/web', 'oci://ghcr.io/acme/charts', 'web'],
    ['oci://ghcr.io/acme/charts/web/', 'oci://ghcr.io/acme/charts', 'web'],
    ['oci://localhost:5000/web', 'oci://localhost:5000', 'web'],
    ['https://charts.test/bitnami/redis', 'https://charts.test/bitnami', 'redis'],
    ['https://charts.test/redis', 'https://charts.test', 'redis'],
    ['http://127.0.0.1:80/redis', 'http://127.0.0.1:80', 'redis'],
  ])('%s is a chart', (source, repository, chart) => {
    expect(servedChart(source, '^1')).toEqual({ repository, chart, version: '^1' });
  });

  test.each(['.', 'hld', 'charts/web', 'overlays/{environment}', 'a:b/c', 'https', 'oci:/a'])(
    '%s is a folder',
    (source) => {
      expect(servedChart(source, undefined)).toBeUndefined();
    },
  );

  test.each([
    ['oci://ghcr.io/acme/web:1.2.3', 'Expected `source: oci://ghcr.io/acme/web` and `version: 1.2.3`.'],
    ['oci://ghcr.io/acme/web@sha256:abc', 'Expected `source: oci://ghcr.io/acme/web` and `version (its digest'],
    ['oci://ghcr.io', 'expected a folder of the repository, or a chart: oci://'],
    ['oci://ghcr.io/acme/../web', 'expected a folder'],
    ['oci://me:secret@ghcr.io/acme/web', 'expected a folder'],
    ['https://charts.test', 'the name of the chart after it'],
    ['https://charts.test/', 'the name of the chart after it'],
    ['https://me:secret@charts.test/web', 'https://***@charts.test/web'],
    ['https://charts.test/web?x=1', 'expected a folder'],
    ['http://charts.test/web', 'expected a folder'],
    ['git::https://git.test/a', 'expected a folder'],
    ['git@github.com:acme/web', 'expected a folder'],
    ['s3://charts/web', 'expected a folder'],
    ['https://charts.test/web-1.2.3.tgz', 'a package. Expected the address of a chart repository'],
    ['https://github.com/acme/web.git', 'a git repository. Expected the address of a chart repository'],
  ])('%s is refused, with what to write', (source, message) => {
    expect(() => servedChart(source, undefined)).toThrow(message);
    expect(() => servedChart(source, undefined)).not.toThrow('secret');
  });
});

test.each([
  [[], ['component.lock.yaml']],
  [['v.yaml'], ['component.lock.yaml', 'v.yaml']],
  [
    ['envs/{environment}/values.yaml', 'all.yaml'],
    ['envs/prod/component.lock.yaml', 'envs/prod/values.yaml', 'all.yaml'],
  ],
])('a chart with the values %j is rendered from its lock file beside the first of them', (values, paths) => {
  expect(sourcePaths({ ...REQUEST, source: 'oci://ghcr.io/acme/web', values })).toEqual(paths);
});

test.each([
  ['a version of a folder', { version: '1.0.0' }, 'Input "version" is "1.0.0", and "source" is the folder .'],
  ['values of plain manifests', { values: ['a.yaml'] }, 'Input "values" is of a chart, and . is plain manifests.'],
  ['a release of plain manifests', { release: 'a' }, 'Input "release" is of a chart'],
  ['configurations of manifests', { configurations: ['a'] }, 'Input "configurations" is of a definition'],
  ['values outside', { source: 'oci://ghcr.io/acme/web', values: ['../a.yaml'] }, 'leads out of the repository'],
])('%s, which says nothing, is refused', async (_what, more, message) => {
  await using folder = await Folder.of({ 'a.yaml': configMap('a') });
  await expect(
    renderEnvironments(folder.checkout, { ...REQUEST, ...more }, async () => NOTHING_REMOTE, new Tools()),
  ).rejects.toThrow(message);
});

const chart = (version: string, user?: string) => ({
  ...{ repository: 'oci://r.test', chart: 'web', version, digest: `sha256:${'0'.repeat(64)}` },
  ...(user !== undefined && { for: user }),
});
const git = (commit: string) => ({ source: 'https://git.test/a', commit: commit.repeat(40) });
const BEFORE: Lock = { git: [git('a')], charts: [chart('1.0.0'), chart('1.0.0', 'prod/a/web')], files: [] };

test.each([
  [
    'a chart that is a source',
    'prod/a/web',
    { git: [], charts: [chart('2.0.0', 'prod/a/web')], files: [] },
    { git: [git('a')], charts: [chart('2.0.0', 'prod/a/web'), chart('1.0.0')], files: [] },
  ],
  [
    'another release',
    'stage/a/web',
    { git: [], charts: [chart('2.0.0', 'stage/a/web')], files: [] },
    { git: [git('a')], charts: [chart('2.0.0', 'stage/a/web'), ...BEFORE.charts], files: [] },
  ],
  [
    'the source in the folder',
    '',
    { git: [git('b')], charts: [], files: [] },
    { git: [git('b')], charts: [chart('1.0.0', 'prod/a/web')], files: [] },
  ],
])('resolving %s anew keeps what others have in the lock file', (_what, user, used, next) => {
  expect(nextLock(BEFORE, used, new Set([user]))).toEqual(next);
});
