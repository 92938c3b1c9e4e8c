import { describe, expect, test } from '@jest/globals';
import type { ApplyResult } from '../../../src/infra/apply/apply-report.js';
import { rootsToApply, unapplied } from '../../../src/infra/apply/apply-roots.js';
import { readInfraConfig } from '../../../src/infra/config/infra-config.js';
import { affectedRoots, allRoots } from '../../../src/infra/roots/affected-roots.js';
import { findRoots } from '../../../src/infra/roots/find-roots.js';
import type { RootsOfChange } from '../../../src/infra/roots/roots-of-change.js';
import { infraFiles } from '../support/infra-files.js';

const backend = (key: string) => `terraform {\n  backend "s3" {\n    bucket = "acme"\n    key    = "${key}"\n  }\n}\n`;
const reads = (key: string) =>
  `data "terraform_remote_state" "x" {\n  backend = "s3"\n  config = {\n    bucket = "acme"\n    key = "${key}"\n  }\n}\n`;

/** `app` is after `net`, which is after `base`; `reader` reads the state of `app`. */
const FILES = {
  'ostack.yaml': 'roots: { app: { after: net }, net: { after: base }, base: {}, reader: {}, other: {} }',
  ...{ 'app/m.tf': backend('app'), 'net/m.tf': backend('net'), 'base/m.tf': backend('base') },
  ...{ 'reader/m.tf': backend('reader') + reads('app'), 'other/m.tf': backend('other') },
};
const roots = findRoots(infraFiles(FILES), readInfraConfig(FILES['ostack.yaml']));

function ofChange(paths: string[] | undefined): RootsOfChange {
  const affected = paths === undefined ? allRoots(roots) : affectedRoots(roots, roots, paths);
  const config = readInfraConfig(FILES['ostack.yaml']);
  return { roots, before: roots, affected, config, configBefore: undefined, stateful: [], tool: undefined };
}

describe('Roots are applied', () => {
  test.each<[string, string[] | undefined, string[] | undefined, string[]]>([
    [
      'each after those that it waits for',
      ['app/m.tf', 'net/m.tf', 'base/m.tf'],
      undefined,
      ['base', 'net', 'app', 'reader'],
    ],
    ['with those that read their state', ['app/m.tf'], undefined, ['app', 'reader']],
    ['with those after them', ['base/m.tf'], undefined, ['base', 'net']],
    ['alone where nothing waits for them', ['other/m.tf'], undefined, ['other']],
    ['only where they are named', ['app/m.tf', 'net/m.tf'], ['net'], ['net']],
    ['where they only wait and are named', ['app/m.tf'], ['reader'], ['reader']],
    ['all of them by hand', undefined, undefined, ['base', 'other', 'net', 'app', 'reader']],
    ['none where nothing changes', ['README.md'], undefined, []],
  ])('%s', (_name, paths, only, order) => {
    expect(rootsToApply(ofChange(paths), only).map(({ root }) => root.name)).toEqual(order);
  });

  const change = (paths: string[] | undefined) => ({
    change: {
      ...{ pull: undefined, commit: 'c'.repeat(40), reason: '' },
      change: paths === undefined ? undefined : { base: 'b'.repeat(40), paths },
    },
    of: ofChange(paths),
  });
  test.each<[string, string, string[] | undefined, Record<string, ApplyResult>, string[]]>([
    ['not before what the change reaches too', 'app', ['app/m.tf', 'net/m.tf'], {}, ['net']],
    ['after it was applied', 'app', ['app/m.tf', 'net/m.tf'], { net: 'applied' }, []],
    ['after it had nothing to apply', 'app', ['app/m.tf', 'net/m.tf'], { net: 'nothing' }, []],
    ['not while it is being applied', 'app', ['app/m.tf', 'net/m.tf'], { net: 'running' }, ['net']],
    ['not after it failed', 'app', ['app/m.tf', 'net/m.tf'], { net: 'failed' }, ['net']],
    ['not while it asks', 'app', ['app/m.tf', 'net/m.tf'], { net: 'asks' }, ['net']],
    ['not while it waits itself', 'app', ['app/m.tf', 'net/m.tf'], { net: 'waits' }, ['net']],
    ['whatever becomes of what the change does not reach', 'app', ['app/m.tf'], {}, []],
    ['not before a state that they read', 'reader', ['app/m.tf'], {}, ['app']],
    ['by hand, whatever no run says', 'app', undefined, {}, []],
    ['by hand, not after one that failed in this run', 'app', undefined, { net: 'failed' }, ['net']],
  ])('%s', (_name, name, paths, results, expected) => {
    const root = roots.roots.find((each) => each.name === name);
    const told = new Map(Object.entries(results).map(([each, result]) => [each, { result }]));
    expect(root && unapplied(change(paths), root, told)).toEqual(expected);
  });
});
