import { describe, expect, test } from '@jest/globals';
import { readInfraConfig } from '../../../src/infra/config/infra-config.js';
import { affectedRoots } from '../../../src/infra/roots/affected-roots.js';
import { findRoots } from '../../../src/infra/roots/find-roots.js';
import { infraFiles } from '../support/infra-files.js';

const backend = (key: string) => `terraform {\n  backend "s3" {\n    bucket = "acme"\n    key    = "${key}"\n  }\n}\n`;

function rootsOf(files: Record<string, string>) {
  return findRoots(infraFiles(files), readInfraConfig(files['ostack.yaml']));
}

const OPEN = 'terraform {\n  backend "s3" {}\n}\n';
const given = (bucket: string, key: string) =>
  `terraform {\n  backend "s3" {\n    bucket = ${bucket}\n    key = "${key}"\n  }\n}\n`;

describe('a root is deleted', () => {
  test.each<[string, Record<string, string>, Record<string, string>, string[]]>([
    ['when its folder is', { 'a/m.tf': backend('a') }, {}, ['a']],
    ['not when its folder is moved with its backend', { 'a/m.tf': backend('a') }, { 'b/m.tf': backend('a') }, []],
    ['when its folder is moved to another state', { 'a/m.tf': backend('a') }, { 'b/m.tf': backend('b') }, ['a']],
    [
      'when another has the same key, and a bucket that nobody can tell',
      { 'a/m.tf': given('var.b', 'k') },
      { 'b/m.tf': given('"other"', 'k') },
      ['a'],
    ],
    [
      'when another has the same key, and a bucket of its own',
      { 'a/m.tf': given('"one"', 'k'), 'b/m.tf': given('"other"', 'k') },
      { 'b/m.tf': given('"other"', 'k') },
      ['a'],
    ],
    [
      'when another is given its place by a file of the same name',
      {
        ...{ 'a/m.tf': OPEN, 'a/s3.tfbackend': 'bucket = "b"\nkey = "a"', 'b/m.tf': OPEN },
        ...{ 'b/s3.tfbackend': 'bucket = "b"\nkey = "b"' },
        'ostack.yaml': 'roots: { a: { backend-config: [s3.tfbackend] }, b: { backend-config: [s3.tfbackend] } }',
      },
      {
        ...{ 'b/m.tf': OPEN, 'b/s3.tfbackend': 'bucket = "b"\nkey = "b"' },
        'ostack.yaml': 'roots: { b: { backend-config: [s3.tfbackend] } }',
      },
      ['a'],
    ],
    [
      'not when its folder is moved with the file that gives its place',
      {
        ...{ 'a/m.tf': OPEN, 'a/s3.conf': 'bucket = "b"\nkey = "a"' },
        'ostack.yaml': 'roots: { a: { backend-config: [s3.conf] } }',
      },
      {
        ...{ 'b/m.tf': OPEN, 'b/s3.conf': 'bucket = "b"\nkey = "a"' },
        'ostack.yaml': 'roots: { b: { backend-config: [s3.conf] } }',
      },
      [],
    ],
    [
      'not when its place is given as settings, and is the same',
      { 'a/m.tf': OPEN, 'ostack.yaml': 'roots: { a: { backend-config: [bucket=b, key=a] } }' },
      { 'b/m.tf': given('"b"', 'a'), 'ostack.yaml': 'roots: { b: {} }' },
      [],
    ],
    [
      'when another only seems to have its place, by a file that the tool passes over',
      { 'a/m.tf': backend('a') },
      { 'b/m.tf': backend('b'), 'b/.m.tf': backend('a') },
      ['a'],
    ],
    [
      'when another only seems to have its place, by a file whose *.tofu is read instead',
      { 'a/m.tf': backend('a') },
      { 'b/m.tf': backend('a'), 'b/m.tofu': backend('b') },
      ['a'],
    ],
    [
      'when its files are, and ostack.yaml names it still',
      { 'a/m.tf': '', 'ostack.yaml': 'roots: { a: {} }' },
      { 'ostack.yaml': 'roots: { a: {} }' },
      ['a'],
    ],
    [
      'not when a module takes its place',
      { 'a/m.tf': '' },
      { 'a/m.tf': '', 'b/m.tf': 'module "a" {\n  source = "../a"\n}' },
      ['a'],
    ],
  ])('%s', (_what, before, after, expected) => {
    const changed = [...Object.keys(before), ...Object.keys(after)];
    expect(affectedRoots(rootsOf(before), rootsOf(after), changed).deleted.map(({ name }) => name)).toEqual(expected);
  });
});
