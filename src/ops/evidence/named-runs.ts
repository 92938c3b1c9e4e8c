/** Runs that are looked at for one repository: of more, the newest. */
const MOST_RUNS = 5;

const RUN = /\/([A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100})\/actions\/runs\/(\d{1,15})\b/g;

/**
 * The runs of a repository that texts name by their addresses. The texts are anybody's: they say where to look, and permit
 * nothing.
 *
 * @param repository `owner/name`
 * @returns ids, the newest first
 */
export function namedRuns(texts: readonly string[], repository: string): number[] {
  const ids = texts.flatMap((text) =>
    [...text.matchAll(RUN)].flatMap(([, name = '', id = '']) =>
      name.toLowerCase() === repository.toLowerCase() ? [Number(id)] : [],
    ),
  );
  return [...new Set(ids)].sort((one, other) => other - one).slice(0, MOST_RUNS);
}
