import { expect, test } from '@jest/globals';
import { readInfraConfig } from '../../../src/infra/config/infra-config.js';
import { movedStateNote } from '../../../src/infra/plan/moved-state.js';
import { findRoots } from '../../../src/infra/roots/find-roots.js';
import { infraFiles } from '../support/infra-files.js';

const backend = (settings: string, type = 's3') => `terraform {\n  backend "${type}" {\n    ${settings}\n  }\n}\n`;
const cloud = (settings: string) =>
  `terraform {\n  cloud {\n    organization = "acme"\n    workspaces {\n      ${settings}\n    }\n  }\n}\n`;
const S3 = 'bucket = "acme"\n    key = "net"';

const NONE: [string, string] = ['', ''];

function note(before: string, after: string, [config, then] = NONE): string | undefined {
  const [from, to] = [
    [before, config],
    [after, then],
  ].map(([text = '', yaml = '']) =>
    findRoots(infraFiles({ 'net/main.tf': text }), readInfraConfig(yaml === '' ? undefined : yaml)).roots.find(
      ({ folder }) => folder === 'net',
    ),
  );
  return to && movedStateNote(from, to);
}

const named = (more: string) => `roots: { net: { ${more} } }\n`;

test.each<[string, string, string, string, [string, string]]>([
  ['another key', backend(S3), backend('bucket = "acme"\n    key = "other"'), '(key)', NONE],
  ['another bucket', backend(S3), backend('bucket = "other"\n    key = "net"'), '(bucket)', NONE],
  [
    'another backend',
    backend(S3),
    backend('prefix = "net"\n    bucket = "acme"', 'gcs'),
    '(backend, key, prefix)',
    NONE,
  ],
  ['no backend any more', backend(S3), 'resource "x" "y" {}\n', '(backend, bucket, key)', NONE],
  ['a key that is given from outside now', backend(S3), backend('bucket = "acme"'), '(key)', NONE],
  ['another workspace of Terraform Cloud', cloud('name = "net"'), cloud('name = "other"'), '(name)', NONE],
  ['another workspace', backend(S3), backend(S3), '(workspace)', [named('workspace: a'), named('workspace: b')]],
  [
    'other files of settings',
    backend(''),
    backend(''),
    '(backend-config)',
    [named('backend-config: [a.tfbackend]'), named('backend-config: [b.tfbackend]')],
  ],
  [
    'what a setting gives otherwise',
    backend(''),
    backend(''),
    '(backend-config, key)',
    [named('backend-config: [key=a]'), named('backend-config: [key=b]')],
  ],
])('a root whose state moves to %s is told with what moves it', (_where, before, after, what, configs) => {
  expect(note(before, after, configs)).toContain(`somewhere else from here on ${what}.`);
});

test.each<[string, string, string]>([
  ['it stays', backend(S3), backend(S3)],
  ['it is reached in another way', backend(S3), backend(`${S3}\n    region = "eu"\n    encrypt = true`)],
  ['there was no block for it', 'resource "x" "y" {}\n', backend(S3)],
])('nothing is told where %s', (_why, before, after) => {
  expect(note(before, after)).toBeUndefined();
});

test('no value of a setting is told, for it may be secret', () => {
  expect(note(backend('conn_str = "a"\n    schema_name = "hunter2"', 'pg'), backend(S3))).not.toContain('hunter2');
});
