import { expect, test } from '@jest/globals';
import { ContentPace, contentsOf, fitting, hourIsOver } from '../../../src/ops/pull-requests/content-pace.js';
import { pull } from './support.js';

const opens = { step: { do: 'open', leftover: undefined }, open: undefined } as const;
const keeps = { step: { do: 'keep', conflict: false }, open: pull() } as const;
const closes = { step: { do: 'close', reason: 'done' }, open: pull() } as const;
const appends = { step: { do: 'append' }, open: pull() } as const;

test('a new pull request and the comment of a closed one are content, and an update is none', () => {
  expect([opens, closes, keeps, appends].map(contentsOf)).toEqual([1, 1, 0, 0]);
  expect(contentsOf({ ...appends, open: undefined })).toBe(1);
});

test('of what is made, each takes its time before the next document', async () => {
  const pace = new ContentPace();
  const waited: number[] = [];
  const wait = () => pace.wait(undefined, async (ms) => waited.push(ms));
  await wait();
  pace.note(8);
  await wait();
  pace.note(0);
  await wait();
  expect(waited).toEqual([0, 6000, 0]);
});

test('an hour takes five hundred, and what makes nothing goes on', () => {
  const pace = new ContentPace();
  pace.note(498);
  const { now, later } = fitting([opens, keeps, closes, opens, keeps], pace);
  expect([now, later]).toEqual([[opens, keeps, closes, keeps], [opens]]);
  expect(hourIsOver(pace).message).toMatch(
    /^The rest is left for the next run: GitHub takes 500 new pull requests .+ Run it again after \d\d:\d\d UTC: it goes on where this one ended\.$/,
  );
});
