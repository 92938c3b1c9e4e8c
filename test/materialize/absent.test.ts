import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { checkedOut } from '../../src/materialize/branch/checked-out.js';
import { checkoutAt, readIn, refuseAbsent } from '../../src/materialize/checkout.js';
import { chartWithDependencies } from '../../src/materialize/sources/chart-dependencies.js';
import { readStatic } from '../../src/materialize/sources/read-static.js';
import { type GitRepository, gitRepositoryAt, openGitRepository } from '../support/git-repository.js';
import { configMap, NOTHING_REMOTE } from './support.js';

const FILES = {
  ...{ 'hld/web.yaml': configMap('web'), 'hld/config/prod.yaml': 'config: {}\n', 'README.md': 'x\n' },
  ...{ 'chart/Chart.yaml': 'name: x\nversion: 1.0.0\n', 'chart/templates/a.yaml': configMap('a') },
};

/** Adds a repository as a submodule, and commits. */
async function withSubmodule(repository: GitRepository, other: GitRepository, path: string): Promise<void> {
  await repository.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', other.root, path);
  await repository.commit({});
}

const objectsIn = async ({ root }: GitRepository, folder: string, label = '') =>
  (await readStatic(await checkoutAt(root, label), folder, () => undefined)).map(({ name }) => name);

test('objects of a submodule are there where it is checked out, and their absence is an error where it is not', async () => {
  await using team = await openGitRepository({ 'a.yaml': configMap('a') });
  await using cluster = await openGitRepository(FILES);
  await withSubmodule(cluster, team, 'hld/team');
  expect(await objectsIn(cluster, 'hld/team')).toEqual(['a']);
  await cluster.git('submodule', '--quiet', 'deinit', '--force', 'hld/team');
  const message = 'hld/team is a submodule that is not checked out, so that all in it would be taken for gone.';
  for (const folder of ['hld', 'hld/team', 'hld/team/below', '']) {
    await expect(objectsIn(cluster, folder)).rejects.toThrow(`${message} Check out with \`submodules: true\``);
  }
  await expect(objectsIn(cluster, 'hld', 'x@1234567')).rejects.toThrow(`x@1234567: ${message} Submodules of other`);
  await rm(join(cluster.root, 'hld/team'), { recursive: true });
  await expect(objectsIn(cluster, 'hld')).rejects.toThrow(message);
  await cluster.write({ 'hld/team/a.yaml': configMap('of-nobody') });
  await expect(objectsIn(cluster, 'hld')).rejects.toThrow(message);
});

test('a submodule in a submodule is missed, too', async () => {
  await using inner = await openGitRepository({ 'a.yaml': configMap('a') });
  await using team = await openGitRepository({ 'b.yaml': configMap('b') });
  await withSubmodule(team, inner, 'inner');
  await using cluster = await openGitRepository(FILES);
  await withSubmodule(cluster, team, 'hld/team');
  await expect(objectsIn(cluster, 'hld')).rejects.toThrow('hld/team/inner is a submodule that is not checked out');
});

test('a submodule elsewhere, or one that no manifest can be in, is missed by nobody', async () => {
  await using team = await openGitRepository({ 'a.yaml': configMap('a') });
  await using cluster = await openGitRepository(FILES);
  await withSubmodule(cluster, team, 'hld-docs');
  await withSubmodule(cluster, team, 'hld/.theme');
  await cluster.git('submodule', '--quiet', 'deinit', '--all', '--force');
  await cluster.commit({ 'plain/a.yaml': configMap('a') });
  await expect(refuseAbsent(await checkoutAt(cluster.root), 'hld')).resolves.toBeUndefined();
  expect(await objectsIn(cluster, 'plain')).toEqual(['a']);
});

test('an edit in a submodule is in no history, whatever .gitmodules hides', async () => {
  await using team = await openGitRepository({ 'a.yaml': configMap('a') });
  await using cluster = await openGitRepository(FILES);
  await withSubmodule(cluster, team, 'hld/team');
  await cluster.git('config', '--file', '.gitmodules', 'submodule.hld/team.ignore', 'all');
  await cluster.commit({});
  expect(await checkedOut(cluster.root, ['hld'])).toMatchObject({ branch: 'main' });
  await gitRepositoryAt(join(cluster.root, 'hld/team')).write({ 'a.yaml': configMap('b') });
  await expect(checkedOut(cluster.root, ['hld'])).rejects.toThrow('hld/team differs from the commit');
});

test('what a sparse checkout leaves out is missed where it would be read', async () => {
  await using cluster = await openGitRepository(FILES);
  await cluster.git('sparse-checkout', 'set', '--no-cone', '/*', '!/hld/config/', '!/chart/templates/', '!/README.md');
  const checkout = await checkoutAt(cluster.root);
  const left = (path: string) => `${path} is left out by a sparse checkout`;
  await expect(readIn(checkout, 'hld/config/prod.yaml')).rejects.toThrow(left('hld/config/prod.yaml'));
  await expect(chartWithDependencies(checkout, 'chart', NOTHING_REMOTE)).rejects.toThrow(
    left('chart/templates/a.yaml'),
  );
  await expect(objectsIn(cluster, 'hld')).rejects.toThrow(left('hld/config/prod.yaml'));
  expect(await readIn(checkout, 'hld/config/none.yaml')).toBeUndefined();
});
