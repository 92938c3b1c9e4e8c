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
  /** Seconds. */
  took: number;
}

const rowSchema = v.object({
  scenario: v.string(),
  tried: v.number(),
  survived: v.number(),
  repeat: v.exactOptional(v.string()),
  took: v.number(),
});

/** Names the folder where the test processes of `npm run torture` leave their rows. */
export const FOLDER_VARIABLE = 'OSTACK_TORTURE_ROWS';

/** When this test file was loaded, or recorded its last row. */
let since = performance.now();

/**
 * Adds a row to the table that `npm run torture` ends with. Does nothing in `npm test`, which shows none. What a test file
 * did since its last row is taken to have been for this one.
 */
export function record(row: Omit<Row, 'took'>): void {
  const folder = process.env[FOLDER_VARIABLE];
  if (folder !== undefined) {
    const now = performance.now();
    const line: Row = { ...row, took: (now - since) / 1000 };
    since = now;
    appendFileSync(join(folder, `${process.pid}.jsonl`), `${JSON.stringify(line)}\n`);
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
    took: a.took + b.took,
    ...(repeat === undefined ? {} : { repeat }),
  };
}

/** The rows as lines: aligned columns, a sum, and below a row that has failures the command that repeats the first. */
export function format(rows: readonly Row[]): string {
  const total = rows.reduce(sum, { scenario: 'all', tried: 0, survived: 0, took: 0 });
  const head = ['scenario', 'tried', 'survived', 'took'];
  const cells = [...rows, total].map(cellsOf);
  const widths = head.map((name, at) => Math.max(name.length, ...cells.map((row) => (row[at] ?? '').length)));
  const line = (row: readonly string[]) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ');
  const body = rows.flatMap((row) => [
    line(cellsOf(row)),
    ...(row.tried === row.survived ? [] : [`    FAILED, again with: ${row.repeat ?? 'npm run torture'}`]),
  ]);
  return [line(head), ...body, line(cellsOf(total))].join('\n');
}

function cellsOf({ scenario, tried, survived, took }: Row): string[] {
  return [scenario, String(tried), String(survived), `${Math.round(took)} s`];
}
