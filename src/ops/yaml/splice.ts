/** Replaces the characters from `start` up to (not including) `end` by `text`. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

/**
 * Puts splices in order and merges equal ones (two aliases of one anchor ask for the same change).
 *
 * @returns the ordered splices, or `undefined` when two of them claim the same characters
 */
export function orderSplices(splices: readonly Splice[]): Splice[] | undefined {
  const ordered = [...splices].sort((one, other) => one.start - other.start || one.end - other.end);
  const kept: Splice[] = [];
  for (const splice of ordered) {
    const twice = kept.some((k) => k.start === splice.start && k.end === splice.end && k.text === splice.text);
    if (twice) {
      continue;
    }
    const last = kept.at(-1);
    if (last !== undefined && splice.start < last.end) {
      return undefined;
    }
    kept.push(splice);
  }
  return kept;
}

/** Applies ordered splices; every character outside them stays. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = '';
  let position = 0;
  for (const splice of splices) {
    result += text.slice(position, splice.start) + splice.text;
    position = splice.end;
  }
  return result + text.slice(position);
}
