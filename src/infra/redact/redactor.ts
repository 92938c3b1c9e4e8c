import { SHORTEST, secretForms } from './secret-forms.js';
import type { SecretValue } from './sensitive-values.js';

/** What stands where a secret was. */
export const HIDDEN = '(sensitive)';

/** Takes secrets out of texts. */
export interface Redactor {
  /** The text without any of the secrets, in time that grows with its length. */
  redact(text: string): string;
}

/**
 * A redactor of these secrets, in all the forms that they can be recognised by. Values that everything has, such as `true`, and
 * those without a letter or digit are none.
 */
export function redactorOf(secrets: Iterable<SecretValue>): Redactor {
  const forms = secretForms(secrets);
  const long: LongForms = new Map();
  const short = new Set<string>();
  for (const form of forms) {
    if (!/[\p{L}\p{N}]/u.test(form) || /^(?:true|false|null)$/i.test(form)) {
      continue;
    }
    if (form.length < SHORTEST) {
      short.add(form);
    } else {
      const letters = inLowerCase(form);
      const start = letters.slice(0, SHORTEST);
      const group = long.get(start) ?? new Map<number, Set<string>>();
      long.set(start, group.set(letters.length, (group.get(letters.length) ?? new Set()).add(letters)));
    }
  }
  for (const [start, group] of long) {
    long.set(start, new Map([...group].sort(([one], [other]) => other - one)));
  }
  return {
    redact: (text) => hide(text, [...longMatches(text, long), ...shortMatches(text, short)]),
  };
}

/**
 * Texts by their beginnings and by their lengths, the longest first: many secrets may begin alike, and there are few lengths.
 */
type LongForms = Map<string, Map<number, Set<string>>>;

/** From where to where something is hidden. */
type Range = readonly [start: number, end: number];

function longMatches(text: string, forms: LongForms): Range[] {
  const found: Range[] = [];
  if (forms.size === 0) {
    return found;
  }
  const letters = inLowerCase(text);
  for (let at = 0; at + SHORTEST <= letters.length; at++) {
    for (const [length, texts] of forms.get(letters.slice(at, at + SHORTEST)) ?? []) {
      if (texts.has(letters.slice(at, at + length))) {
        found.push([at, at + length]);
        break;
      }
    }
  }
  return found;
}

/** A copy may have other cases. Letters that change the length of a text with their case stay as they are. */
function inLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** A short one counts where no letter or digit is beside it. */
function shortMatches(text: string, forms: ReadonlySet<string>): Range[] {
  if (forms.size === 0) {
    return [];
  }
  const found: Range[] = [];
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}]+/gu)) {
    for (let start = Math.max(0, index - SHORTEST); start <= index; start++) {
      for (let end = index + word.length; end <= index + word.length + SHORTEST; end++) {
        if (end - start < SHORTEST && forms.has(text.slice(start, end))) {
          found.push([start, end]);
        }
      }
    }
  }
  return found;
}

/** Ranges that touch each other are hidden as one. */
function hide(text: string, ranges: readonly Range[]): string {
  let [kept, end, hidden] = ['', 0, -1];
  for (const [from, to] of [...ranges].sort(([one], [other]) => one - other)) {
    if (from > end || hidden < 0) {
      kept += text.slice(end, from) + HIDDEN;
    }
    end = Math.max(end, to);
    hidden = end;
  }
  return kept + text.slice(end);
}
