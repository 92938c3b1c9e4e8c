import { describe, expect, test } from '@jest/globals';
import { applyComment, applyMarkdown, resultTitle } from '../../../src/infra/apply/apply-markdown.js';
import { lockIn } from '../../../src/infra/apply/apply-plan.js';
import { type ApplyReport, keptApply, readKeptApply } from '../../../src/infra/apply/apply-report.js';

const report = (more: Partial<ApplyReport> = {}): ApplyReport => ({
  ...{
    root: 'app',
    result: 'applied',
    why: 'Because.',
    problem: '',
    beyond: [],
    plan: 'aaaa',
    approved: [],
    start: '',
  },
  ...{ run: 'https://github.test/run', at: '2026-11-30T12:00:00.000Z', by: 'ada' },
  ...more,
});
const lock = { id: 'l-1', who: 'ada@laptop', operation: 'OperationTypeApply', created: '2026-11-30 11:00 UTC' };

describe('What is told of an apply', () => {
  test.each<[string, Partial<ApplyReport>, string[]]>([
    ['that it was applied', { did: { add: 1, change: 0, import: 0, remove: 2 } }, ['`app`: 1 added, 2 destroyed.']],
    [
      'who holds the lock, and how it is opened',
      { result: 'locked', lock },
      ['`ada@laptop` holds the lock `l-1` since `2026-11-30 11:00 UTC`', 'roots: `app` and unlock: `l-1`'],
    ],
    [
      'what was not reviewed, and how it is accepted',
      { result: 'asks', beyond: ['x.y: create'] },
      ['- `x.y: create`', 'accept: `aaaa`'],
    ],
    ['which start has no end', { result: 'asks', start: 'plans/app/1' }, ['start: `plans/app/1`']],
    [
      'where the state is',
      { result: 'failed', errored: 'plans/app/1/errored.tfstate.age' },
      ['`plans/app/1/errored.tfstate.age`', 'state push errored.tfstate'],
    ],
    ['how it goes on', { result: 'waits' }, ['with roots: `app`']],
  ])('says %s', (_name, more, words) => {
    const text = applyMarkdown(report(more));
    for (const word of words) {
      expect(text).toContain(word);
    }
  });

  test('fits into an issue, however much was not reviewed and the tool says, and says what to do', () => {
    const beyond = Array.from({ length: 5000 }, (_, index) => `x.y["${'k'.repeat(400)}"]${index}: create`);
    const long = { beyond, problem: 'p'.repeat(90_000), why: 'w'.repeat(90_000), approved: beyond };
    const text = applyMarkdown(report({ result: 'asks', ...long }));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000);
    expect(text).toContain('and 4940 more');
    expect(text).toContain('accept: `aaaa`');
  });

  test('says nothing of what is to be done where nothing is', () => {
    expect(applyMarkdown(report())).toBe('**`app`: applied.** Because.');
    expect(applyMarkdown(report({ result: 'asks', start: 'plans/app/1' }))).not.toContain('accept:');
  });

  test('is one comment over all roots, and can be read again', () => {
    const text = applyComment([report({ root: 'net', result: 'failed', problem: 'no' }), report()], 'c'.repeat(40));
    expect(text).toContain('### Apply: 1 of 2 roots are not applied');
    expect(text.indexOf('`app`')).toBeLessThan(text.indexOf('`net`'));
    const kept = report({ lock, beyond: ['-->'], problem: '<!-- ostack:apply x -->' });
    expect(readKeptApply(`x ${kept.problem}\n${keptApply(kept)}`)).toEqual(kept);
    expect(readKeptApply('<!-- ostack:apply e30= -->')).toBeUndefined();
    expect(resultTitle(report({ did: { add: 0, change: 0, import: 0, remove: 0 } }))).toBe('applied');
  });
});

describe('A lock', () => {
  const line = (summary: string, detail: string) =>
    JSON.stringify({ type: 'diagnostic', diagnostic: { severity: 'error', summary, detail } });
  const info =
    'operation error S3: PutObject, 412\nLock Info:\n  ID:        l-1\n  Path:      b/k\n  Operation: OperationTypeApply\n  Who:       ada@laptop\n  Version:   1.12.6\n  Created:   2026-11-30 11:00 UTC\n  Info:      \n';

  test.each([
    ['is told where it is held', line('Error acquiring the state lock', info), lock],
    ['is none in another error', line('Error creating thing', info), undefined],
    ['is none where nothing says whose it is', line('Error acquiring the state lock', 'no route'), undefined],
    ['is none in what is no JSON', 'Error acquiring the state lock', undefined],
  ])('%s', (_name, stdout, expected) => {
    expect(lockIn(`{"type":"version"}\n${stdout}\n`)).toEqual(expected);
  });
});
