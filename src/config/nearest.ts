import { closestMatch } from 'leven';

/**
 * The word that a mistyped one probably stands for.
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

/** ` Did you mean "x"?`, or nothing when no candidate is near: to put after a sentence that names a wrong word. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const match = nearest(word, candidates);
  return match === undefined ? '' : ` Did you mean "${match}"?`;
}
