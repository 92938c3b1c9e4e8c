/** A rule broken in one place, and the tests of the source that have to notice. */
export interface Mutation {
  /** The rule, a sentence. */
  name: string;
  file: string;
  /** What is replaced; it is in the file once. */
  text: string;
  replacement: string;
  /** Test files. */
  tests: readonly string[];
}

/** The part of the project that a mutation is in: `ops/policy`, `ops/verbs/check`, `images`. */
export function areaOf({ file }: Pick<Mutation, 'file'>): string {
  const folders = file.split('/').slice(1, -1);
  return folders.slice(0, folders[0] === 'ops' ? (folders[1] === 'verbs' ? 3 : 2) : 1).join('/');
}

/** The first mutation of each area: what a change is tried against. */
export function sampleOf(mutations: readonly Mutation[]): Mutation[] {
  const seen = new Set<string>();
  return mutations.filter((mutation) => {
    const area = areaOf(mutation);
    const isFirst = !seen.has(area);
    seen.add(area);
    return isFirst;
  });
}

/**
 * A text with the rule broken.
 *
 * @throws Error where the place is not there, or not one alone
 */
export function mutated(text: string, mutation: Mutation): string {
  const places = text.split(mutation.text).length - 1;
  if (places !== 1) {
    throw new Error(
      `${mutation.file} has the text of "${mutation.name}" ${places} times, expected once: ${mutation.text}`,
    );
  }
  return text.replace(mutation.text, () => mutation.replacement);
}
