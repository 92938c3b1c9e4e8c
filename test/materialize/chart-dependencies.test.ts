import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { chartWithDependencies } from '../../src/materialize/sources/chart-dependencies.js';
import type { RemoteSources, ServedChart } from '../../src/materialize/sources/source.js';
import { Folder } from './support.js';

const REPOSITORY = 'https://charts.test';
const list = (...lines: readonly string[]) => `dependencies:\n${lines.map((line) => `- { ${line} }\n`).join('')}`;
const chart = (...lines: readonly string[]) => `name: web\nversion: 0.1.0\n${list(...lines)}`;
const redis = (version: string, more = '') => `name: redis, version: "${version}", repository: "${REPOSITORY}"${more}`;

/** @returns what was fetched, what was told, and what lies in the folder `charts` afterwards */
async function brought(files: Record<string, string>) {
  await using folder = await Folder.of({ ...files, 'packages/redis-7.0.0.tgz': 'fetched', 'empty/x': '' });
  const { root } = folder.checkout;
  const fetched: ServedChart[] = [];
  const told: string[] = [];
  const never = () => Promise.reject(new Error('nothing else is fetched'));
  const remote: RemoteSources = {
    ...{ git: never, file: never },
    chart: async (asked) => {
      fetched.push(asked);
      return join(root, 'packages/redis-7.0.0.tgz');
    },
    folder: async () => join(root, 'empty'),
    part: (text) => told.push(text),
  };
  const path = await chartWithDependencies(folder.checkout, 'web', remote);
  return { fetched, told, there: await readdir(join(path, 'charts')) };
}

const asked = (version: string) => ({ repository: REPOSITORY, chart: 'redis', version });

test.each([
  ['as the chart says', { 'web/Chart.yaml': chart(redis('7.0.0')) }, ['7.0.0']],
  ['as its lock says', { 'web/Chart.yaml': chart(redis('^7')), 'web/Chart.lock': list(redis('7.0.0')) }, ['7.0.0']],
  [
    'as the older lock says',
    { 'web/requirements.yaml': list(redis('^7')), 'web/requirements.lock': list(redis('7.0.0')) },
    ['7.0.0'],
  ],
  [
    'each at its own, where it is there twice',
    {
      'web/Chart.yaml': chart(redis('~7.0', ', alias: a'), redis('~7.1', ', alias: b')),
      'web/Chart.lock': list(redis('7.0.0'), redis('7.1.0')),
    },
    ['7.0.0', '7.1.0'],
  ],
  [
    'where the package of another one lies there, whose name begins so',
    { 'web/Chart.yaml': chart(redis('7.0.0')), 'web/charts/redis-cluster-1.0.0.tgz': '' },
    ['7.0.0'],
  ],
])('what a chart depends on is fetched %s, and told', async (_how, files, versions) => {
  const { fetched, told, there } = await brought(files);
  expect(fetched).toEqual(versions.map(asked));
  const file = Object.keys(files)[0];
  expect(told).toEqual(versions.map((version) => `${file}: redis ${version} of ${REPOSITORY}`));
  expect(there).toContain('redis-7.0.0.tgz');
});

test.each(['redis-7.0.0.tgz', 'redis-v7.0.0-rc.1.tgz', 'redis/Chart.yaml'])(
  'what lies there already is not fetched, and told all the same: %s',
  async (file) => {
    const { fetched, told } = await brought({ 'web/Chart.yaml': chart(redis('7.0.0')), [`web/charts/${file}`]: '' });
    expect([fetched, told]).toEqual([[], [`web/Chart.yaml: redis 7.0.0 of ${REPOSITORY}`]]);
  },
);
