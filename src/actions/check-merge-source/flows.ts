import { fitsBranch } from '../../git/branch-pattern.js';

/** A rule: pull requests from one branch into another are allowed. */
export interface Flow {
  /** Name or pattern of the source branch. */
  from: string;
  /** Name or pattern of the target branch. */
  to: string;
}

/** The two branches of a pull request. */
export interface Ends {
  /** Branch it comes from. */
  head: string;
  /** Branch it goes to. */
  base: string;
  /** `owner/name` that the head is in, `undefined` where that repository is gone. */
  headRepository: string | undefined;
  /** `owner/name` that the base is in. */
  baseRepository: string;
}

/**
 * Parses rules such as `dev -> stage` or `dev, hotfix/* -> prod`; a line with several sources gives several rules.
 *
 * @throws Error naming the line that is no rule
 */
export function parseFlows(lines: readonly string[]): Flow[] {
  return lines.flatMap((line) => {
    const [sources = '', to = '', more] = line.split('->').map((part) => part.trim());
    const from = sources.split(/[\s,]+/).filter((part) => part !== '');
    if (from.length === 0 || to === '' || /\s/.test(to) || more !== undefined) {
      throw new Error(
        `Input "allowed" has the line "${line}", expected a branch, an arrow and a branch, such as "dev -> stage".`,
      );
    }
    return from.map((each) => ({ from: each, to }));
  });
}

/**
 * Why a pull request may not be merged, one or two sentences; `undefined` where it may. A target branch that no rule names
 * takes everything. In patterns, `*` matches within one part of a name and `**` any number of parts.
 *
 * @param forks whether a branch of another repository counts like one of this repository
 */
export function refusalOf(ends: Ends, flows: readonly Flow[], forks: boolean): string | undefined {
  const { head, base, headRepository, baseRepository } = ends;
  const into = flows.filter(({ to }) => fitsBranch(to, base));
  if (into.length === 0) {
    return undefined;
  }
  const sources = into.map(({ from }) => `"${from}"`);
  const expected = `${sources.slice(0, -1).join(', ')}${sources.length > 1 ? ' or ' : ''}${sources.at(-1)}`;
  if (!into.some(({ from }) => fitsBranch(from, head))) {
    return `"${base}" takes pull requests from ${expected} only, this one is from "${head}". Merge "${head}" there first, or change the base branch of this pull request.`;
  }
  const foreign = headRepository?.toLowerCase() !== baseRepository.toLowerCase();
  return foreign && !forks
    ? `"${base}" takes pull requests from ${expected} of ${baseRepository} only, this one is from "${head}" of ${headRepository ?? 'a repository that is gone'}. Push the branch to ${baseRepository} and open the pull request from there.`
    : undefined;
}
