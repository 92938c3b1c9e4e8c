import { code, fenced, plain, table } from '../../report/markdown.js';
import type { PlanCounts } from '../plan/read-plan.js';
import type { PlanProof, RootReport } from './root-report.js';

/** What each count is called, in the order of the table. */
const COLUMNS: readonly (readonly [keyof PlanCounts, string])[] = [
  ...([
    ['add', 'add'],
    ['change', 'change'],
    ['replace', 'replace'],
    ['destroy', 'destroy'],
  ] as const),
  ...([
    ['move', 'move'],
    ['import', 'import'],
    ['forget', 'forget'],
    ['outputs', 'outputs'],
    ['deposed', 'deposed'],
  ] as const),
];

/** Columns that the table always has; others are there where a root has something in them. */
const ALWAYS = 4;

/** What a plan does, for the title of a check: `1 to add, 2 to destroy`. */
export function countsTitle(counts: PlanCounts): string {
  const words = COLUMNS.flatMap(([key, name]) => {
    const count = counts[key];
    return count === 0
      ? []
      : [
          key === 'outputs' || key === 'deposed'
            ? `${count} ${count === 1 ? name.replace(/s$/, '') : name}`
            : `${count} to ${name}`,
        ];
  });
  return words.length === 0 ? 'No changes' : words.join(', ');
}

/** A line a root, with what is done there. */
export function countsTable(reports: readonly RootReport[]): string {
  const columns = COLUMNS.filter(([key], index) => index < ALWAYS || reports.some(({ counts }) => counts[key] > 0));
  const rows = reports.map(({ root, state, counts }) => {
    const cells = columns.map(([key]) => {
      const count = counts[key];
      const isLoud = key === 'destroy' || key === 'replace';
      return state !== 'planned' || count === 0 ? '' : isLoud ? `**${count}**` : `${count}`;
    });
    return [code(root), ...cells, state === 'planned' ? '' : `**${state}**`];
  });
  return table(['root', ...columns.map(([, name]) => name), ''], rows);
}

/** What of a list is shown. */
export interface Shown {
  /** Most bytes of a list. */
  room: number;
  /** Says where the rest is. */
  rest: string;
}

/**
 * What is lost for good, on top of everything else.
 *
 * @returns Markdown; empty where nothing is lost
 */
export function lossesMarkdown(
  reports: readonly Pick<RootReport, 'root' | 'losses' | 'lossCount'>[],
  shown: Shown,
): string {
  const losses = reports.flatMap(({ root, losses: own }) => own.map((loss) => ({ ...loss, root })));
  if (losses.length === 0) {
    return '';
  }
  const several = reports.length > 1;
  const lines = losses.map(({ root, address, action, why }) => {
    const reason = why === 'unprotected' ? ' (it was protected by `prevent_destroy`)' : '';
    return `> - ${code(address)} is ${action === 'replace' ? 'replaced' : 'destroyed'}${several ? ` in ${code(root)}` : ''}${reason}`;
  });
  const total = reports.reduce((sum, { lossCount }) => sum + lossCount, 0);
  const count =
    total === 1
      ? '1 thing that keeps data or was protected is'
      : `${total} things that keep data or were protected are`;
  return ['> [!CAUTION]', `> **${count} lost:**`, '>', ...fitting(lines, shown, '> ', total - losses.length)].join(
    '\n',
  );
}

/** What else is destroyed, replaced or forgotten. */
export function destroysMarkdown(reports: readonly RootReport[], shown: Shown): string {
  const all = reports.flatMap(({ root, destroys }) => destroys.map((each) => ({ ...each, root })));
  const total = reports.reduce(
    (sum, { counts: { destroy, replace, forget }, lossCount }) => sum + destroy + replace + forget - lossCount,
    0,
  );
  if (all.length === 0) {
    return '';
  }
  const words: Readonly<Record<string, string>> = {
    destroy: 'destroyed',
    replace: 'replaced',
    forget: 'no longer managed',
  };
  const lines = all.map(
    ({ root, address, action }) =>
      `- ${code(address)} is ${words[action] ?? plain(action)}${reports.length > 1 ? ` in ${code(root)}` : ''}`,
  );
  const more = Math.max(0, total - all.length);
  return ['**Destroyed, replaced or forgotten:**', '', ...fitting(lines, shown, '', more)].join('\n');
}

function fitting(lines: readonly string[], { room, rest }: Shown, prefix: string, more = 0): string[] {
  const kept: string[] = [];
  let left = room;
  for (const line of lines) {
    left -= Buffer.byteLength(line) + 1;
    if (left < 0) {
      break;
    }
    kept.push(line);
  }
  const missing = lines.length - kept.length + more;
  return missing === 0 ? kept : [...kept, `${prefix}- and ${missing} more. ${rest}`];
}

/** What is wrong where a root is not planned; empty where nothing is. */
export function problemMarkdown({ root, state, problem }: RootReport): string {
  if (problem === '') {
    return '';
  }
  const title = state === 'failed' ? `${code(root)} could not be planned.` : `${code(root)} is refused.`;
  return state === 'failed' ? `${title}\n\n${fenced('', problem)}` : `> [!CAUTION]\n> ${title} ${plain(problem)}`;
}

/** Hexadecimal digits that a plan is called by. */
const SHOWN_DIGITS = 16;

/** What people call a plan by: the beginning of the hash over what it does. */
export function planName(structure: string): string {
  return structure.slice(0, SHOWN_DIGITS);
}

/** What a plan is called, and where it is kept. */
export function proofMarkdown({ structure, kept }: PlanProof): string {
  const where = kept === undefined ? '' : `, kept as ${code(kept.prefix)}`;
  return `Plan ${code(planName(structure))}${where}.`;
}

/** The tool's text, with the sign of each line at its beginning, so that GitHub colours it. */
export function planText(text: string): string {
  return fenced(
    'diff',
    text.replace(
      /^( +)(-\/\+|\+\/-|[-+~])(?= )/gm,
      (_all, space: string, sign: string) => `${sign === '~' ? '!' : sign}${space}`,
    ),
  );
}
