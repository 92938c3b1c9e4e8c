import { closestMatch } from 'leven';

/**
 * The valid word that is closest to a mistyped one.
 *
 * @param word what was written
 * @param candidates what is valid
 * @returns the candidate with the fewest edits to it, `undefined` when none is near: within a third of the word, or two
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  return closestMatch(word.toLowerCase(), [...candidates], {
    maxDistance: Math.max(2, Math.floor(word.length / 3)),
  });
}

/** ` Did you mean "x"?` for the end of a sentence that names a wrong word; empty when no candidate is near. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const match = nearest(word, candidates);
  return match === undefined ? '' : ` Did you mean "${match}"?`;
}
