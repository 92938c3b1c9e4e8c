import { expect, test } from '@jest/globals';
import { readLock } from '../../src/materialize/lock/lock-file.js';

const [A, B] = ['a'.repeat(40), 'b'.repeat(40)];
const [ONE, OTHER] = ['1'.repeat(64), '2'.repeat(64)];
const git = (commit: string, more = '') => `  - { source: https://h/x${more}, commit: ${commit} }\n`;
const chart = (version: string, more = '') =>
  `  - { repository: oci://h, chart: web${more}, version: ${version}, digest: sha256:${ONE} }\n`;
const file = (digest: string, name = 'a') => `  - { url: https://h/${name}, digest: sha256:${digest} }\n`;

test.each([
  ['a branch at two commits', `git:\n${git(A, ', branch: main')}${git(B, ', branch: main')}`],
  ['a default branch at two commits', `git:\n${git(A)}${git(B)}`],
  ['a chart at two versions', `charts:\n${chart('1.0.0', ', asked: ^1')}${chart('1.1.0', ', asked: ^1')}`],
  ['a chart of one release at two versions', `charts:\n${chart('1.0.0', ', for: a')}${chart('1.1.0', ', for: a')}`],
  ['a file with two digests', `files:\n${file(ONE)}${file(OTHER)}`],
  ['one part twice, at the same state', `git:\n${git(A)}${git(A)}`],
])('a lock that has %s, as a merge by hand leaves it, is an error with the line of the second', (_what, text) => {
  expect(() => readLock(text, 'x.lock.yaml')).toThrow(
    /x\.lock\.yaml:3\b.*expected each part once, found one that stands above, too\. Delete the one that is not meant\./s,
  );
});

test.each([
  ['branches of one repository', `git:\n${git(A)}${git(B, ', branch: main')}`],
  ['ranges of one chart', `charts:\n${chart('1.0.0', ', asked: ^1')}${chart('2.0.0', ', asked: ^2')}`],
  ['releases of one chart', `charts:\n${chart('1.0.0', ', for: a')}${chart('2.0.0', ', for: b')}${chart('3.0.0')}`],
  ['files', `files:\n${file(ONE)}${file(ONE, 'b')}`],
])('a lock may have several %s', (_what, text) => {
  const { git: repositories, charts, files } = readLock(text, 'x.lock.yaml');
  expect(repositories.length + charts.length + files.length).toBeGreaterThan(1);
});
