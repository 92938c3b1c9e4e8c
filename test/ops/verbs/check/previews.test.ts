import { expect, test } from '@jest/globals';
import { previewProblems } from '../../../../src/ops/verbs/check/previews.js';
import { comparisonOf } from './support.js';

const RECORD = `name: pr-35
repository: acme/apps
pullRequest: { number: 35 }
head: ${'a'.repeat(40)}
state: active
host: staging
createdAt: 2026-11-21T09:00:00Z
updatedAt: 2026-11-21T09:00:00Z
expiresAt: 2026-11-24T09:00:00Z
apps: []
`;
const PREVIEW = {
  '.ostack/previews/pr-35.yaml': RECORD,
  'previews/pr-35/kustomization.yaml': '',
  'clusters/staging/previews/pr-35.yaml': '',
};

async function reportOf(base: Record<string, string>, head: Record<string, string>) {
  const problems = await previewProblems(comparisonOf(base, head));
  return problems.map(({ level, file, line, message }) => `${level} ${file}:${line ?? ''} ${message}`);
}

test('a preview as it is written by a run is in order, whether it comes or goes', async () => {
  expect(await reportOf({}, PREVIEW)).toEqual([]);
  expect(await reportOf(PREVIEW, {})).toEqual([]);
});

test('a record that no run could read is an error at its line', async () => {
  const head = { ...PREVIEW, '.ostack/previews/pr-35.yaml': RECORD.replace('active', 'paused') };
  expect(await reportOf(PREVIEW, head)).toEqual([
    expect.stringMatching(
      /^error \.ostack\/previews\/pr-35\.yaml:5 \.ostack\/previews\/pr-35\.yaml:5:8: state: .*found "paused".* Until it can be read, pr-35 is neither updated nor removed\.$/,
    ),
  ]);
});

test('files that are left without their record are an error, those edited by hand a warning', async () => {
  const { '.ostack/previews/pr-35.yaml': _, ...left } = PREVIEW;
  expect(await reportOf(PREVIEW, left)).toEqual([
    'error previews/pr-35/kustomization.yaml: previews/pr-35/kustomization.yaml belongs to the preview pr-35, which has no record ' +
      '(.ostack/previews/pr-35.yaml): no run would ever remove it. Remove all files of the preview, or restore its record.',
  ]);
  expect(await reportOf(PREVIEW, { ...PREVIEW, 'previews/pr-35/kustomization.yaml': 'namePrefix: x-\n' })).toEqual([
    'warning previews/pr-35/kustomization.yaml: previews/pr-35/kustomization.yaml is made from .ostack/previews/pr-35.yaml: a ' +
      'change by hand is overwritten when the preview is next updated. Change the base, its "preview" component, or the policy.',
  ]);
  expect(await reportOf({}, { '.ostack/previews/mine.yaml': RECORD })).toEqual([
    'warning .ostack/previews/mine.yaml: .ostack/previews/mine.yaml is no record of a preview, so nothing reads it. Expected a name such as pr-35.yaml.',
  ]);
});
