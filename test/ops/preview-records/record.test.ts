import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { oneLine, type PreviewRecord, readRecord, writeRecord } from '../../../src/ops/preview-records/record.js';
import { anyText } from '../../support/any-text.js';
import { at, digest, listed, OPS, outcomes, plan, previewOf, sha } from '../verbs/previews/support.js';

const RECORD: PreviewRecord = {
  name: 'pr-7',
  repository: 'acme/apps',
  pullRequest: { number: 7, title: 'yes: "quoted" # no\tcomment', author: 'mona' },
  head: sha(1),
  state: 'active',
  host: 'staging',
  createdAt: at(0).toISOString(),
  updatedAt: at(1).toISOString(),
  expiresAt: at(2).toISOString(),
  apps: [
    { app: 'shop', images: [{ image: 'web', repository: 'ghcr.io/acme/web', tag: '1.10', digest: digest(1) }] },
    { app: 'docs', images: [] },
  ],
};

describe('a record', () => {
  test('is read as it was written, whatever the pull request is called', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const title = oneLine(text);
        const record = { ...RECORD, pullRequest: { number: 7, title, author: 'mona' } };
        const written = writeRecord(record);
        expect(readRecord(written, 'pr-7')).toEqual(record);
        expect(writeRecord(readRecord(written, 'pr-7'))).toBe(written);
      }),
    );
  });

  test.each([
    [{ name: 'kube-system' }, 'expected a name such as pr-35'],
    [{ repository: '../x' }, 'expected owner/name'],
    [{ head: 'main' }, 'expected the full id of a commit'],
    [{ host: '../production' }, 'expected a name of letters'],
    [{ createdAt: 'today' }, 'expected a time'],
    [{ apps: [{ app: '../../bases', images: [] }] }, 'expected a name of letters'],
    [
      { apps: [{ app: 'a', images: [{ image: 'a', repository: 'a:1', tag: '1', digest: digest(1) }] }] },
      'expected an image repository',
    ],
    [
      { apps: [{ app: 'a', images: [{ image: 'a', repository: 'a', tag: '$(id)', digest: digest(1) }] }] },
      'expected an image tag',
    ],
    [
      { apps: [{ app: 'a', images: [{ image: 'a', repository: 'a', tag: '1', digest: 'latest' }] }] },
      'expected "sha256:"',
    ],
  ])('with %j is not written', (values, message) => {
    expect(() => writeRecord({ ...RECORD, ...values })).toThrow(message);
  });

  test.each([
    ['name: pr-8', 'previews/records/pr-7.yaml:2:', 'expected "pr-7", as the file is named, found "pr-8".'],
    ['name: ../x', 'previews/records/pr-7.yaml:2:', 'expected a name such as pr-35'],
    ['run: "1"\nname: pr-7', 'previews/records/pr-7.yaml:', 'expected either "pullRequest" or "run"'],
    ['nam: pr-7', 'previews/records/pr-7.yaml:2:1', 'unknown key "nam". Did you mean "name"?'],
  ])('with the line %j is refused with file and line', (line, location, message) => {
    const text = writeRecord(RECORD).replace('name: pr-7', line);
    expect(() => readRecord(text, 'pr-7')).toThrow(message);
    expect(() => readRecord(text, 'pr-7')).toThrow(location);
  });

  test.each(['../../bases/x', 'namespace.yaml', 'a/b', ''])('of an app called %j leads to no file', async (app) => {
    const hostile = previewOf(7, sha(1), { apps: [{ app, images: [] }] });
    const planned = await plan(OPS, { now: at(0), pullRequests: [listed([7], at(0))], requested: hostile });
    expect(outcomes(planned)).toEqual(['pr-7 failed gone']);
    expect(planned.decisions[0]?.reason).toContain('expected');
    expect(planned.change.files.size).toBe(0);
  });
});

test('what anybody may write is in the record alone', async () => {
  const title = '$' + '{SECRET} \n---\nkind: ClusterRole # `id`';
  const planned = await plan(OPS, {
    now: at(0),
    pullRequests: [listed([7], at(0))],
    requested: previewOf(7, sha(1), { subject: { pullRequest: 7, title, author: 'mallory' } }),
  });
  const mentioning = [...planned.change.files].filter(
    ([, text]) => text.includes('SECRET') || text.includes('mallory'),
  );
  expect(mentioning.map(([path]) => path)).toEqual(['previews/records/pr-7.yaml']);
});
