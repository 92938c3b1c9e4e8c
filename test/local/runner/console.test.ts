import { expect, test } from '@jest/globals';
import type { RunInfo, RunnerEvent } from '../../../src/local/runner/events.js';
import { ConsoleReporter } from '../../../src/local/runner/reporter/console.js';
import { plain } from '../../../src/local/runner/reporter/paint.js';

const run: RunInfo = {
  id: 1,
  number: 4,
  repository: 'acme/apps',
  workflow: 'Release',
  file: '.github/workflows/release.yml',
  event: 'push',
  ref: 'refs/heads/main',
  sha: '0123456789abcdef',
  title: 'feat: something',
  actor: 'ada',
  attempt: 1,
  triggeringActor: 'ada',
};
const job = (name: string) => ({ key: name, name });
const step = { number: 1, name: 'Work' };

function show(events: RunnerEvent[], unfold = false): string[] {
  const lines: string[] = [];
  const reporter = new ConsoleReporter({ write: (line) => lines.push(line), paint: plain, unfold });
  for (const event of events) {
    reporter.report(event);
  }
  return lines;
}

test('jobs that run side by side are shown one after the other', () => {
  const log = (name: string, text: string): RunnerEvent => ({ type: 'log', run, job: job(name), step, text });
  expect(
    show([
      { type: 'run-started', run },
      { type: 'job-started', run, job: job('a') },
      log('a', 'a 1'),
      { type: 'job-started', run, job: job('b') },
      log('b', 'b 1'),
      { type: 'job-finished', run, job: job('c'), conclusion: 'skipped', durationMs: 0 },
      log('a', 'a 2'),
      { type: 'job-finished', run, job: job('a'), conclusion: 'success', durationMs: 1_230 },
      log('b', 'b 2'),
      { type: 'job-finished', run, job: job('b'), conclusion: 'failure', durationMs: 61_000 },
      { type: 'run-finished', run, conclusion: 'failure', durationMs: 62_000 },
    ]),
  ).toEqual([
    '',
    'acme/apps · Release #4  feat: something',
    '  push refs/heads/main 0123456 by ada',
    '  ─ a',
    '      a 1',
    '      a 2',
    '  ✓ a  1.2s',
    '  ○ c  0.0s',
    '  ─ b',
    '      b 1',
    '      b 2',
    '  ✗ b  1m 1s',
    '✗ acme/apps · Release #4  1m 2s',
  ]);
});

test('groups are folded, or shown whole when asked for', () => {
  const events: RunnerEvent[] = [
    { type: 'job-started', run, job: job('a') },
    { type: 'step-started', run, job: job('a'), step },
    { type: 'group', run, job: job('a'), step, title: 'Details' },
    { type: 'log', run, job: job('a'), step, text: 'one\ntwo' },
    { type: 'group-end', run, job: job('a'), step },
    { type: 'step-finished', run, job: job('a'), step, conclusion: 'success', durationMs: 40 },
  ];
  expect(show(events)).toEqual(['  ─ a', '    · Work', '      ▸ Details 2 lines', '    ✓ Work  0.0s']);
  expect(show(events, true)).toEqual([
    '  ─ a',
    '    · Work',
    '      ▸ Details',
    '          one',
    '          two',
    '    ✓ Work  0.0s',
  ]);
});

test('annotations say where, and waiting says for what', () => {
  const annotation = {
    level: 'error' as const,
    title: 'Broken',
    message: 'one\ntwo',
    file: 'a.ts',
    line: 3,
    column: 5,
  };
  expect(
    show([
      { type: 'run-queued', run, reason: 'Waiting for concurrency group "release"' },
      { type: 'annotation', run, annotation },
    ]),
  ).toEqual([
    '◷ acme/apps · Release #4: Waiting for concurrency group "release"',
    '  error: Broken: one (a.ts:3:5)',
    '    two',
  ]);
});
