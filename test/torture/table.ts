import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';

/** How one kind of trouble went. */
export interface Row {
  /** What was tried, for example `promote: killed after it took effect`. Rows of one scenario are added up. */
  scenario: string;
  /** Cases. */
  tried: number;
  /** Cases that ended as they should. */
  survived: number;
  /** Where one did not: the command that repeats the first such case. */
  repeat?: string;
}

const rowSchema = v.object({
  scenario: v.string(),
  tried: v.number(),
  survived: v.number(),
  repeat: v.exactOptional(v.string()),
});

/** Names the folder where the test processes of `npm run torture` leave their rows. */
export const FOLDER_VARIABLE = 'OSTACK_TORTURE_ROWS';

/** Adds a row to the table that `npm run torture` ends with. Does nothing in `npm test`, which shows none. */
export function record(row: Row): void {
  const folder = process.env[FOLDER_VARIABLE];
  if (folder !== undefined) {
    appendFileSync(join(folder, `${process.pid}.jsonl`), `${JSON.stringify(row)}\n`);
  }
}

/** Reads what all test processes left: one row a scenario, in the order of their names. */
export function collect(folder: string): Row[] {
  const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'));
  const rows = new Map<string, Row>();
  for (const line of lines) {
    const row = v.parse(rowSchema, JSON.parse(line));
    const before = rows.get(row.scenario);
    rows.set(row.scenario, before === undefined ? row : sum(before, row));
  }
  return [...rows.values()].sort((a, b) => (a.scenario < b.scenario ? -1 : 1));
}

function sum(a: Row, b: Row): Row {
  const repeat = a.repeat ?? b.repeat;
  return {
    scenario: a.scenario,
    tried: a.tried + b.tried,
    survived: a.survived + b.survived,
    ...(repeat === undefined ? {} : { repeat }),
  };
}

/** The rows as lines: aligned columns, a sum, and below a row that has failures the command that repeats the first. */
export function format(rows: readonly Row[]): string {
  const total = rows.reduce(sum, { scenario: '', tried: 0, survived: 0 });
  const body = [...rows, { ...total, scenario: 'all' }].map(({ scenario, tried, survived, repeat }) => ({
    cells: [scenario, String(tried), String(survived)] as const,
    notes: tried === survived || scenario === 'all' ? [] : [`    FAILED, again with: ${repeat ?? 'npm run torture'}`],
  }));
  const head = ['scenario', 'tried', 'survived'] as const;
  const widths = head.map((name, at) => Math.max(name.length, ...body.map(({ cells }) => (cells[at] ?? '').length)));
  const line = ([scenario, ...numbers]: readonly [string, ...string[]]) =>
    [scenario.padEnd(widths[0] ?? 0), ...numbers.map((cell, at) => cell.padStart(widths[at + 1] ?? 0))].join('  ');
  return [line(head), ...body.flatMap(({ cells, notes }) => [line(cells), ...notes])].join('\n');
}
