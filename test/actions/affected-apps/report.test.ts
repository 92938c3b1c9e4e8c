import { expect, test } from '@jest/globals';
import { sentenceOf } from '../../../src/actions/affected-apps/report.js';

test('a few apps are named, of two thousand the first, and the rest is counted', () => {
  expect(sentenceOf([], 'docs only')).toBe('Affected: no app (docs only).');
  expect(sentenceOf(['api', 'web'], 'a push')).toBe('Affected: api, web (a push).');
  const many = sentenceOf(
    Array.from({ length: 2000 }, (_, index) => `app-${index}`),
    'a push',
  );
  expect(many).toMatch(/^Affected: app-0, app-1, .*, app-49, and 1950 more \(a push\)\.$/);
});
