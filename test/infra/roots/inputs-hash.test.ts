import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Git } from '../../../src/git/git.js';
import { readInfraConfig } from '../../../src/infra/config/infra-config.js';
import { findRoots } from '../../../src/infra/roots/find-roots.js';
import { inputsHash } from '../../../src/infra/roots/inputs-hash.js';
import { infraFiles } from '../support/infra-files.js';

const FILES: Record<string, string> = {
  'ostack.yaml': 'roots: { app: { var-files: [values/a.tfvars] }, net: {} }',
  'app/main.tf': 'terraform {\n backend "local" {}\n}\nmodule "m" {\n source = "../modules/m"\n}\n',
  'app/.terraform.lock.hcl': 'one',
  'modules/m/main.tf': 'locals {\n x = file("§{path.module}/x.txt")\n}\n',
  'modules/m/x.txt': 'one',
  'modules/n/main.tf': 'locals {}\n',
  'app/values/a.tfvars': 'x = 1',
  'app/values/b.tfvars': 'x = 1',
  'net/main.tf': 'terraform {\n backend "local" {}\n}\n',
  '.opentofu-version': '1.12.6',
  'README.md': 'x',
};

/** The hash of a root of these files; of git, it only needs what a commit lists. */
async function hashOf(change: Record<string, string | null>, args: string[] = []): Promise<string> {
  const files = Object.fromEntries(
    Object.entries({ ...FILES, ...change }).filter((entry): entry is [string, string] => entry[1] !== null),
  );
  const roots = findRoots(infraFiles(files), readInfraConfig(files['ostack.yaml']));
  const root = roots.roots.find(({ name }) => name === 'app');
  if (root === undefined) {
    throw new Error('There is no root app.');
  }
  const listing = Object.entries(files).map(
    ([path, text]) => `100644 blob ${createHash('sha1').update(text).digest('hex')}\t${path}`,
  );
  const git: Pick<Git, 'read'> = { read: () => Promise.resolve(`${listing.join('\0')}\0`) };
  return inputsHash(git, 'c', roots, root, args);
}

describe('The hash of what a root is made of', () => {
  test.each<[string, Record<string, string | null>]>([
    ['a file of its own', { 'app/main.tf': `${FILES['app/main.tf']}locals {}\n` }],
    ['a new file of its own', { 'app/more.tf': '' }],
    ['its lock file', { 'app/.terraform.lock.hcl': 'two' }],
    ['a module', { 'modules/m/y.tf': '' }],
    ['a file that a function reads', { 'modules/m/x.txt': 'two' }],
    ['such a file that is gone', { 'modules/m/x.txt': null }],
    ['its values', { 'app/values/a.tfvars': 'x = 2' }],
    ['which values it has', { 'ostack.yaml': 'roots: { app: { var-files: [values/b.tfvars] }, net: {} }' }],
    ['its workspace', { 'ostack.yaml': 'roots: { app: { workspace: x, var-files: [values/a.tfvars] }, net: {} }' }],
    ['the version of the tool', { '.opentofu-version': '1.12.7' }],
  ])('changes with %s', async (_name, change) => {
    expect(await hashOf(change)).not.toBe(await hashOf({}));
  });

  test.each<[string, Record<string, string | null>]>([
    ['another root', { 'net/main.tf': '' }],
    ['a module that it does not call', { 'modules/n/main.tf': '' }],
    ['a text for people', { 'README.md': 'y', 'app/README.md': 'y' }],
    ['who approves', { 'ostack.yaml': 'roots: { app: { approvers: [a], var-files: [values/a.tfvars] }, net: {} }' }],
  ])('does not change with %s', async (_name, change) => {
    expect(await hashOf(change)).toBe(await hashOf({}));
  });

  test('changes with the arguments', async () => {
    expect(await hashOf({}, ['-parallelism=1'])).not.toBe(await hashOf({}));
  });
});
