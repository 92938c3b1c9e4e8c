/** A replacement of the characters from `start` up to (not including) `end` by `text`. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

/**
 * Sorts splices by offset and drops repeated ones (two edits through aliases of one anchor give the same splice).
 *
 * @returns the sorted splices, or `undefined` when two of them overlap
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

/** Applies sorted splices to a text. Every character outside of them stays. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = '';
  let position = 0;
  for (const splice of splices) {
    result += text.slice(position, splice.start) + splice.text;
    position = splice.end;
  }
  return result + text.slice(position);
}
