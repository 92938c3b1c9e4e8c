import { describe, expect, test } from '@jest/globals';
import { readPlan } from '../../../src/infra/plan/read-plan.js';
import { redactorOf } from '../../../src/infra/redact/redactor.js';
import { planComment } from '../../../src/infra/report/comment.js';
import { countsTitle, planText } from '../../../src/infra/report/plan-markdown.js';
import { standing } from '../../../src/infra/report/publish-plans.js';
import {
  keptReport,
  type RootReport,
  readKeptReport,
  refusedReport,
  rootReport,
} from '../../../src/infra/report/root-report.js';

const NOBODY = redactorOf([]);

interface Given {
  adds?: number;
  destroys?: string[];
  losses?: string[];
  after?: string[];
}

/** A report of a plan, by way of the tool's JSON. */
function planned(root: string, { adds = 0, destroys = [], losses = [], after = [] }: Given = {}): RootReport {
  const change = (address: string, action: string) => ({
    address,
    type: 'x',
    mode: 'managed',
    change: { actions: [action] },
  });
  const json = {
    format_version: '1.2',
    resource_changes: [
      ...Array.from({ length: adds }, (_, index) => change(`x.add${index}`, 'create')),
      ...[...losses, ...destroys].map((address) => change(address, 'delete')),
    ],
  };
  return rootReport({
    affected: { root: { name: root, folder: root, state: undefined, settings: SETTINGS }, because: '', after },
    plan: { ...MADE, summary: readPlan(json, NOBODY) },
    losses: losses.map((address) => ({ address, action: 'destroy', why: 'stateful' })),
    notes: [],
  });
}

const SETTINGS = {
  name: 'a',
  path: 'a',
  after: [],
  approvers: [],
  approvals: 1,
  environment: undefined,
  workspace: undefined,
  varFiles: [],
  backendConfig: [],
};
const MADE = {
  state: 'planned' as const,
  text: '',
  warnings: [],
  exitCode: 2,
  lostState: undefined,
  file: '',
  json: {},
  redactor: NOBODY,
};

const comment = (reports: RootReport[], text = '') =>
  planComment({
    roots: reports.map((report) => ({ report, text, url: 'https://github.test/x' })),
    head: 'a'.repeat(40),
    runUrl: '',
  });

const many = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => `module.m["${name}"].x.${name}${index}`);

describe('the comment of plans', () => {
  test('says first what is lost, then what is destroyed, then how much', () => {
    const text = comment([planned('b', { adds: 1, destroys: ['x.gone'] }), planned('a', { losses: ['x.db'] })]);
    const places = ['lost:', '`x.db` is destroyed in `a`', '`x.gone` is destroyed in `b`', '| root |'].map((part) =>
      text.indexOf(part),
    );
    expect([...places].sort((one, other) => one - other)).toEqual(places);
    expect(text).toContain('### Plan: 2 roots change');
  });

  test.each<[string, RootReport[], string]>([
    ['nothing left', [], 'Nothing of the infrastructure changes any more.'],
    ['no changes', [planned('a')], '### Plan: no changes'],
    ['one of two that changes', [planned('a'), planned('b', { adds: 1 })], '### Plan: 1 root changes'],
    [
      'one without a plan',
      [planned('b', { adds: 1 }), refusedReport('a', 'No.')],
      '### Plan: 1 root has no plan, 1 root changes',
    ],
    ['why one is refused', [refusedReport('a', 'It is deleted.')], '`a` is refused. It is deleted.'],
    [
      'what is planned again',
      [planned('a', { after: ['net', 'dns'] })],
      '`a` is planned again when `net` and `dns` are applied.',
    ],
  ])('says %s', (_what, reports, expected) => {
    expect(comment(reports)).toContain(expected);
  });

  test.each([1, 10, 120])(
    'fits into GitHub with %i roots of a thousand changes, and what is lost survives',
    (count) => {
      const reports = Array.from({ length: count }, (_, index) => {
        const given = index === 0 ? { losses: ['x.precious'], destroys: ['x.last'] } : { destroys: many('gone', 1000) };
        return planned(`root-${index}`, { adds: 1000, ...given });
      });
      const text = comment(reports, `${'```diff'}\n${'+ x\n'.repeat(120_000)}\n${'```'}`);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536);
      expect(text).toContain('`x.precious` is destroyed');
      expect(text).toContain('`x.last` is destroyed');
      expect(text.match(/<details>/g)?.length ?? 0).toBe(text.match(/<\/details>/g)?.length ?? 0);
    },
  );

  test('fits into GitHub where all that it says of each root is long', () => {
    const names = Array.from({ length: 250 }, (_, index) => `live/${'x'.repeat(180)}-${index}`);
    const reports = names.map((name): RootReport => {
      const proof = { structure: '0'.repeat(64), inputs: 'i', tool: 't', since: '2026-11-30T12:00:00.000Z' };
      const report = planned(name, { losses: many('db', 50), destroys: many('gone', 50), after: names.slice(0, 40) });
      return { ...report, proof, notes: ['n'.repeat(900)] };
    });
    const failed = names.map(
      (name): RootReport => ({ ...refusedReport(`f/${name}`, 'p'.repeat(900)), state: 'failed' }),
    );
    const text = comment([...reports, ...failed], 'x');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536);
    expect(text).toContain('are lost:**');
    expect(text).toContain('is planned again when');
    expect(text).toContain('An approval is of these plans: ');
  });

  test('says how many losses there are, however few are shown', () => {
    const report = readKeptReport(keptReport(planned('a', { losses: many('db', 1000) })));
    const text = comment(report === undefined ? [] : [report]);
    expect(text).toContain('**1000 things that keep data or were protected are lost:**');
    expect(text).toMatch(/- and \d+ more\. The check runs have more\./);
  });

  test('has no room for what an address says', () => {
    const text = comment([planned('a', { losses: [`x.y["${'z'.repeat(40_000)}"]`, 'x.db["`|<!-- -->@octocat"]'] })]);
    expect(text.length).toBeLessThan(3000);
    expect(text).toContain('``x.db["`\\|<!-- -->@octocat"]``');
  });
});

describe('a check run keeps a report', () => {
  test('and gives it back', () => {
    const report = planned('a', { losses: ['x.y'], destroys: ['--> <!-- x'] });
    expect(readKeptReport(`text <!-- ostack:plan x -->\n${keptReport(report)}`)).toEqual(report);
  });

  test.each(['', 'text', '<!-- ostack:plan ', '<!-- ostack:plan x -->', '<!-- ostack:plan e30= -->'])(
    'and %j keeps none',
    (text) => {
      expect(readKeptReport(text)).toBeUndefined();
    },
  );
});

test.each([
  [{ add: 1, destroy: 2 }, '1 to add, 2 to destroy'],
  [{ outputs: 1, deposed: 1 }, '1 output, 1 deposed'],
  [{ move: 1, import: 2, forget: 3, outputs: 2 }, '1 to move, 2 to import, 3 to forget, 2 outputs'],
  [{}, 'No changes'],
])('%j is called %s', (counts, title) => {
  const none = { add: 0, change: 0, replace: 0, destroy: 0, forget: 0, move: 0, import: 0, outputs: 0, deposed: 0 };
  expect(countsTitle({ ...none, ...counts })).toBe(title);
});

test('lines of a plan begin with their signs', () => {
  expect(planText('  + a\n  ~ b\n-/+ c\n  -/+ d\n    - e\n  x')).toBe(
    '```diff\n+   a\n!   b\n-/+ c\n-/+   d\n-     e\n  x\n```',
  );
});

describe('A plan that does what the one before it did', () => {
  const proof = (structure: string, since: string, inputs = 'i') => ({
    structure,
    inputs,
    tool: 'OpenTofu 1.12.6',
    since,
  });
  const [early, late] = ['2026-11-30T12:00:00.000Z', '2026-11-30T13:00:00.000Z'];
  test.each([
    ['stands since then', proof('a', early), early],
    ['is new where it does something else', proof('b', early), late],
    ['is new where it is of something else', proof('a', early, 'j'), late],
    ['is new without one before', undefined, late],
  ])('%s', (_name, before, since) => {
    const report = { ...planned('app'), proof: proof('a', late) };
    const then = before && { ...planned('app'), proof: before };
    expect(standing(report, then).proof?.since).toBe(since);
  });

  test('is named in the comment, and kept in the check run', () => {
    const report = { ...planned('app', { adds: 1 }), proof: proof('0123456789abcdef0123', early) };
    expect(comment([report])).toContain('An approval is of this plan: `app` `0123456789abcdef`.');
    expect(readKeptReport(keptReport(report))?.proof).toEqual(report.proof);
  });
});
