/** A version of a package in GitHub's registry: one manifest, with all its tags. */
export interface PackageVersion {
  id: number;
  tags: readonly string[];
}

/** The pull request and the commit that a tag of a preview's image names. */
interface PullTag {
  number: number;
  sha: string;
}

/** What GitHub knows of what tags name. */
export interface PullFacts {
  /** Pull requests of this repository that are over. */
  closed: ReadonlySet<number>;
  /** Commits of this repository: another one that pushes under the same name has pull requests of the same numbers. */
  commits: ReadonlySet<string>;
}

const TAG = /^pr-([1-9]\d{0,9})-([0-9a-f]{40})$/;
const KEY = /^content-[0-9a-f]{40}$/;

/** The pull requests that tags name. */
export function pullTags(versions: readonly PackageVersion[]): PullTag[] {
  return versions.flatMap(({ tags }) => tags.flatMap((tag) => pullTag(tag) ?? []));
}

function pullTag(tag: string): PullTag | undefined {
  const [, number, sha] = TAG.exec(tag) ?? [];
  return number === undefined || sha === undefined ? undefined : { number: Number(number), sha };
}

/**
 * The versions that no preview needs any more: those of which each tag is that of a pull request which is over, or the key of its
 * content. An image that has any other tag, of an open pull request, of another repository or of a release, stays.
 *
 * GitHub keeps the last version that has a tag, so the newest stays where all of them would go.
 *
 * @param versions of one package, newest first
 */
export function versionsThatAreOver(
  versions: readonly PackageVersion[],
  { closed, commits }: PullFacts,
): PackageVersion[] {
  const isOver = (tag: string) => {
    const pull = pullTag(tag);
    return pull !== undefined && closed.has(pull.number) && commits.has(pull.sha);
  };
  const over = versions.filter(({ tags }) => tags.some(isOver) && tags.every((tag) => isOver(tag) || KEY.test(tag)));
  const isRest = versions.some((version) => version.tags.length > 0 && !over.includes(version));
  return isRest ? over : over.slice(1);
}
