import { SECTIONS } from './commit-types.js';
import type { OwnLine } from './quotes.js';

/** One footer of a message: `Release-As: 2.0.0`. */
export interface Footer {
  /** As written, for example `Release-As`. */
  token: string;
  /** Its text, on one line. */
  value: string;
}

/** The footers of a message. */
export interface Footers {
  /** Texts of the footers `BREAKING CHANGE` and `BREAKING-CHANGE`. */
  breaking: string[];
  /** All others. */
  footers: Footer[];
}

/** Most characters of one footer; a longer one is cut. */
const LONGEST_VALUE = 2000;

/**
 * A token and its separator at the start of a line: `token: ` or `token #`. The text of a break may begin on the next line.
 */
const FOOTER = /^(?:(BREAKING CHANGE|[A-Za-z0-9][A-Za-z0-9-]*)(?:: | (?=#))|(BREAKING[ -]CHANGE):$)/;

const BREAKING = new Set(['BREAKING CHANGE', 'BREAKING-CHANGE']);

/** What people leave in a template when nothing breaks. */
const NOTHING =
  /^(?:(?:none|nothing|n\/?a|no(?: breaking changes?)?|-)(?:[ .,:;-]+(?:none|nothing|n\/?a|no breaking changes?))?)?[ .]*$/i;

/** A commit in the list that GitHub writes into a squashed one, and the line before the names of its authors. */
const LISTED = new RegExp(`^[*-] (?:${[...SECTIONS.keys()].join('|')})(?:\\([^)]*\\))?!?: `);
const RULE = /^-{3,}\s*$/;

/** A heading or an item of a list: the line after it is no middle of a sentence. */
const TITLE_OR_ITEM = /^\s*(?:#{1,6}|[*+-]|\d{1,9}[.)]) /;
const END_OF_SENTENCE = /[.!?:;]["')\]`*_]*\s*$/;

/**
 * Reads the footers from the lines of a body, as `ownLines` has them; what it quotes has none.
 *
 * - Only upper case tells of a break, and only at the start of a line.
 * - Footers begin after a blank line (item 8). One directly below the header, a commit of a list, a rule or the end of a
 *   sentence counts too, as it does for other tools; a line of prose that was wrapped there does not.
 * - A footer ends where the next begins (item 10), and what is between them belongs to it.
 *
 * @see https://www.conventionalcommits.org/en/v1.0.0/#specification (items 8 to 12, 15 and 16)
 */
export function readFooters(lines: readonly OwnLine[]): Footers {
  const found: { token: string; lines: string[] }[] = [];
  let open: { token: string; lines: string[] } | undefined;
  for (const [index, line] of lines.entries()) {
    const isWrapped = open === undefined && isUnfinished(lines[index - 1]);
    const [start = '', ...tokens] = (line === undefined || isWrapped ? null : FOOTER.exec(line)) ?? [];
    const token = tokens.find((one) => one !== undefined);
    if (line !== undefined && token !== undefined) {
      open = { token, lines: [line.slice(start.length)] };
      found.push(open);
    } else if (line === undefined || LISTED.test(line) || RULE.test(line)) {
      open = undefined;
    } else {
      open?.lines.push(line);
    }
  }
  const all = found.map(({ token, lines: text }) => ({ token, value: oneLine(text) }));
  return {
    breaking: all.filter(({ token, value }) => BREAKING.has(token) && !NOTHING.test(value)).map(({ value }) => value),
    footers: all.filter(({ token }) => !BREAKING.has(token)),
  };
}

/** Whether a sentence may go on in the next line. */
function isUnfinished(line: OwnLine): boolean {
  const isText = line !== undefined && line.trim() !== '' && !RULE.test(line) && !TITLE_OR_ITEM.test(line);
  return isText && !END_OF_SENTENCE.test(line);
}

/**
 * The lines of a body up to the first that is neither a footer, nor the rest of one, nor a commit of a list. In the message of
 * a bot, that is what people have written when they merged it; the bot's own words tell of somebody else's releases.
 */
export function beforeProse(lines: readonly OwnLine[]): OwnLine[] {
  let inFooter = false;
  const prose = lines.findIndex((line) => {
    const blank = line?.trim() === '';
    const ours = line !== undefined && (FOOTER.test(line) || LISTED.test(line) || RULE.test(line));
    inFooter = !blank && (ours || inFooter);
    return line === undefined || !(blank || inFooter);
  });
  return prose < 0 ? [...lines] : lines.slice(0, prose);
}

function oneLine(lines: readonly string[]): string {
  const text = lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
