import { code } from '../../report/markdown.js';

/** What an issue about a root keeps: which differences it tells, and which of them people expect. */
export interface Kept {
  root: string;
  /** Hashes of differences, as `differencesOf` has them. */
  told: readonly string[];
  expected: ReadonlySet<string>;
}

/** Most hashes that an issue keeps; what is beyond cannot be expected. */
export const MOST_KEPT = 500;

/** Ends the lines that can be ticked: below it are texts of others. */
export const LINES_END = '<!-- ostack:end -->';

/** What stands for all that is told. */
const ALL = 'all';

/** The lines that an issue of ours begins with. */
export function keptLines({ root, told, expected }: Kept): string {
  return `${beginning(root)}\n<!-- told ${told.slice(0, MOST_KEPT).join(' ')} expected ${[...expected].slice(0, MOST_KEPT).join(' ')} -->`;
}

/** A name of any folder, so that nothing in it ends the comment. */
function beginning(root: string): string {
  return `<!-- ostack:drift ${encodeURIComponent(root)} -->`;
}

/** A line that people tick to expect a difference. @param text Markdown on one line */
export function tickLine(text: string, hash: string, isTicked: boolean): string {
  return `- [${isTicked ? 'x' : ' '}] ${text} <!-- ${hash} -->`;
}

/** The line that stands for all that is told. */
export function allLine(root: string): string {
  return tickLine(`All that is listed here of ${code(root)}`, ALL, false);
}

/**
 * What an issue keeps, with what people have ticked in it since. Whoever may edit an issue of somebody else may write to the
 * repository.
 *
 * @param body as GitHub gives it
 * @returns `undefined` where it is no issue of ours
 */
export function readKept(body: string): Kept | undefined {
  const lines = body.replace(/\r\n/g, '\n').split('\n');
  const root = /^<!-- ostack:drift (\S+) -->$/.exec(lines[0] ?? '')?.[1];
  const [, first = '', second = ''] = /^<!-- told ([0-9a-f ]*)expected ([0-9a-f ]*)-->$/.exec(lines[1] ?? '') ?? [];
  if (root === undefined) {
    return undefined;
  }
  const told = words(first);
  // What is below the end is text of the tool, which may look like such a line.
  const ticks = lines.slice(0, Math.max(0, lines.indexOf(LINES_END))).flatMap((line) => {
    const [, tick, hash = ''] = /^- \[([ xX])\] .* <!-- ([0-9a-f]+|all) -->$/.exec(line) ?? [];
    return tick === undefined ? [] : [{ isTicked: tick !== ' ', hash }];
  });
  const ticked = ticks.filter(({ isTicked }) => isTicked).flatMap(({ hash }) => (hash === ALL ? told : [hash]));
  const unticked = new Set(ticks.filter(({ isTicked }) => !isTicked).map(({ hash }) => hash));
  const expected = new Set([...words(second).filter((hash) => !unticked.has(hash)), ...ticked]);
  return { root: decoded(root), told, expected };
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
