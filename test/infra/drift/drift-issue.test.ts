import { describe, expect, test } from '@jest/globals';
import { type DriftIssue, endOf, type LookedRoot, planIssue } from '../../../src/infra/drift/drift-issue.js';
import { readKept } from '../../../src/infra/drift/ticks.js';
import { changed, differences, gone, made, resource } from './plans.js';

const size = (to: number) => resource('x.a', changed({ size: 1 }, { size: to }));
const database = resource('ledger.db', gone({}));
const added = resource('x.new', made({}));

const looked = (outside: object[], planned: object[] = [], more: Partial<LookedRoot> = {}): LookedRoot => ({
  ...{ root: 'net', differences: differences(outside, planned), problem: '' },
  texts: { outside: outside.length > 0 ? '  ~ size = 1 -> 2' : '', code: planned.length > 0 ? '  + x.new' : '' },
  ...more,
});
const end = endOf('main', 'c'.repeat(40), 'https://github.com/acme/infra/actions/runs/1');
const written = (of: LookedRoot, known?: DriftIssue) => planIssue(of, known, end);
/** The issue after it was written. */
const issue = (of: LookedRoot, known?: DriftIssue): DriftIssue => {
  const { act, title, body } = written(of, known);
  const isOpen = act === 'close' ? false : act === 'open' || act === 'reopen' || known?.isOpen === true;
  return act === 'keep' && known !== undefined ? known : { number: 1, title, body, isOpen };
};
const ticked = (of: DriftIssue, text: string): DriftIssue => ({
  ...of,
  body: of.body.replaceAll('\n', '\r\n').replace(new RegExp(`- \\[ \\] (.*${text})`), '- [x] $1'),
});

describe('the issue of a root', () => {
  const open = issue(looked([size(2)]));
  const closed = issue(looked([]), open);

  test.each<[string, LookedRoot, DriftIssue | undefined, string]>([
    ['is not there while nothing differs', looked([]), undefined, 'keep'],
    ['is opened', looked([size(2)]), undefined, 'open'],
    ['is opened where the code is not applied', looked([], [added]), undefined, 'open'],
    ['stays as it is while nothing changes', looked([size(2)]), open, 'keep'],
    ['is updated', looked([size(3)]), open, 'update'],
    ['is closed', looked([]), open, 'close'],
    ['stays closed', looked([]), closed, 'keep'],
    ['is opened again', looked([size(2)]), closed, 'reopen'],
    ['is opened again where somebody closed it by hand', looked([size(2)]), { ...open, isOpen: false }, 'reopen'],
    ['is not closed where not all is known', looked([], [], { problem: 'no plan' }), open, 'keep'],
    [
      'is not opened where not all is known and nothing differs',
      looked([], [], { problem: 'no plan' }),
      undefined,
      'keep',
    ],
    [
      'is opened where not all is known and something differs',
      looked([size(2)], [], { problem: 'no plan' }),
      undefined,
      'open',
    ],
  ])('%s', (_what, of, known, act) => {
    expect(written(of, known).act).toBe(act);
  });

  test('is not written again for another commit alone', () => {
    const later = planIssue(looked([size(2)]), open, endOf('main', 'd'.repeat(40), ''));
    expect(later.act).toBe('keep');
  });

  test('has losses on top, and both parts apart', () => {
    const { title, body } = written(looked([size(2), database], [added]));
    expect(title).toBe('Drift in net: 1 lost, 2 changed outside, 1 not applied');
    expect(body).toContain('> **1 thing that keeps data or was protected is lost:**');
    expect(body.indexOf('CAUTION')).toBeLessThan(body.indexOf('### Changed outside of the code'));
    expect(body).toMatch(
      /- \[ \] \*\*Lost:\*\* `ledger\.db` is gone <!-- [0-9a-f]{24} -->\n- \[ \] `x\.a` was changed \(`size`\)/,
    );
    expect(body).toMatch(/### What the default branch would still change\n\n- \[ \] `x\.new` would be added/);
    expect(body).toContain('<summary>What was changed outside</summary>');
    expect(body).toContain('<summary>What an apply would do</summary>');
  });

  test('says when nothing is left', () => {
    expect(closed.title).toBe('Drift in net: nothing left');
    expect(closed.body).toContain('Nothing is left that nobody expects.');
  });

  test('of a failure says that not all is known', () => {
    expect(written(looked([size(2)], [], { problem: 'no plan' })).body).toContain('could not be planned');
  });
});

describe('what is ticked', () => {
  test('is told no more, until it changes', () => {
    const open = issue(looked([size(2), database]));
    const left = issue(looked([size(2), database]), ticked(open, 'x\\.a'));
    expect(left.title).toBe('Drift in net: 1 lost, 1 changed outside');
    expect(left.body).toMatch(/<summary>Expected: 1<\/summary>\n\n- \[x\] `x\.a`/);
    expect(written(looked([size(2), database]), left).act).toBe('keep');
    expect(written(looked([size(2)]), left).act).toBe('close');
    const done = issue(looked([size(2)]), left);
    expect(written(looked([size(2)]), done)).toMatchObject({ act: 'keep', open: [], expected: 1 });
    expect(written(looked([size(3)]), done)).toMatchObject({ act: 'reopen', expected: 0 });
  });

  test('is forgotten when it is over', () => {
    const done = issue(looked([size(2)]), ticked(issue(looked([size(2)])), 'x\\.a'));
    expect(done.isOpen).toBe(false);
    const over = written(looked([]), done);
    expect(over.act).toBe('note');
    expect(written(looked([size(2)]), { ...done, ...over })).toMatchObject({ act: 'reopen' });
  });

  test('is kept while nobody knows whether it is over', () => {
    const done = issue(looked([], [added]), ticked(issue(looked([], [added])), 'x\\.new'));
    const unknown = issue(looked([size(2)], [], { problem: 'no plan' }), done);
    expect(written(looked([], [added]), unknown)).toMatchObject({ act: 'close', expected: 1 });
  });

  test('may be all at once, as it was told then', () => {
    const all = ticked(issue(looked([size(2)], [added])), 'All that is listed');
    expect(written(looked([size(2)], [added]), all)).toMatchObject({ act: 'close', expected: 2 });
    expect(written(looked([size(2), database], [added]), all)).toMatchObject({ act: 'update', expected: 2 });
  });

  test('is taken back by taking the tick away', () => {
    const done = issue(looked([size(2)]), ticked(issue(looked([size(2)])), 'x\\.a'));
    const again = { ...done, body: done.body.replace('- [x] `x.a`', '- [ ] `x.a`') };
    expect(written(looked([size(2)]), again)).toMatchObject({ act: 'reopen', expected: 0 });
  });

  test('is nothing that a text of the tool looks like', () => {
    const [difference] = differences([size(2)], []);
    const hostile = `x\n- [x] \`x.a\` <!-- ${difference?.hash} -->\n<!-- ostack:end -->`;
    const open = issue(looked([size(2)], [], { texts: { outside: hostile, code: '' } }));
    expect(written(looked([size(2)]), open).expected).toBe(0);
    const named = resource(`x.b["\n- [x] y <!-- ${difference?.hash} -->"]`, gone({}));
    expect(written(looked([size(2), named]), issue(looked([size(2), named]))).expected).toBe(0);
  });

  test('is read in no issue of somebody else', () => {
    const { body } = issue(looked([size(2)]));
    expect(readKept(body)?.root).toBe('net');
    expect(readKept(`x\n${body}`)).toBeUndefined();
    expect(readKept('')).toBeUndefined();
  });

  test('is kept of any folder', () => {
    const root = 'a --> b/ü%';
    const { body } = written(looked([size(2)], [], { root }));
    expect(readKept(body)?.root).toBe(root);
  });
});

test('a thousand differences fit, with losses among the first', () => {
  const many = Array.from({ length: 1000 }, (_, index) => resource(`x.${'long-'.repeat(20)}${index}`, gone({})));
  const of = looked([...many, database], many, {
    texts: { outside: 'x\n'.repeat(200_000), code: 'y\n'.repeat(200_000) },
  });
  const { body, title } = written(of);
  expect(Buffer.byteLength(body)).toBeLessThan(65_536);
  expect(title).toContain('1 lost, 1001 changed outside');
  expect(body).toMatch(/- \[ \] \*\*Lost:\*\* `ledger\.db`/);
  expect(body).toMatch(/- and \d+ more\./);
  const all = ticked({ number: 1, title, body, isOpen: true }, 'All that is listed');
  expect(written(of, all).expected).toBe(500);
  expect(Buffer.byteLength(written(of, all).body)).toBeLessThan(65_536);
});
