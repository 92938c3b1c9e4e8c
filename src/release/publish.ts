import type { GitHub } from '../github/client.js';
import { parseRepository } from '../github/context.js';
import { attempt } from '../github/errors.js';
import { readFailure } from '../github/failure.js';

/** Tries at a release page whose request got no answer: GitHub may have made it, so each try looks first. */
const PAGE_TRIES = 3;

/** A tag to make. */
export interface TagRequest {
  /** `owner/name`. */
  repository: string;
  tag: string;
  /** The commit to mark. */
  sha: string;
  message: string;
}

/** What became of it: made now, there already on the same commit, or there on another one. */
export type TagOutcome = { kind: 'made' | 'same' } | { kind: 'taken'; commit: string };

/**
 * Makes an annotated tag. Creating the ref is the compare-and-swap: of two runs that want the same name, one gets it, and
 * the other reads whose it is.
 *
 * @throws Error in plain words when the token may not write
 */
export async function makeTag(github: GitHub, { repository, tag, sha, message }: TagRequest): Promise<TagOutcome> {
  const { owner, name: repo } = parseRepository(repository, 'GITHUB_REPOSITORY');
  const operation = { doing: `create the tag ${tag}`, repository, permission: 'contents: write' };
  return attempt(operation, async () => {
    const object = await github.rest.git.createTag({ owner, repo, tag, message, object: sha, type: 'commit' });
    try {
      await github.rest.git.createRef({ owner, repo, ref: `refs/tags/${tag}`, sha: object.data.sha });
      return { kind: 'made' };
    } catch (error) {
      const commit = readFailure(error)?.status === 422 ? await tagTarget(github, { repository, tag }) : undefined;
      if (commit === undefined) {
        throw error;
      }
      return commit === sha ? { kind: 'same' } : { kind: 'taken', commit };
    }
  });
}

/** The commit that a tag marks, `undefined` where there is no such tag. */
async function tagTarget(
  github: GitHub,
  { repository, tag }: { repository: string; tag: string },
): Promise<string | undefined> {
  const { owner, name: repo } = parseRepository(repository, 'GITHUB_REPOSITORY');
  const ref = await orMissing(github.rest.git.getRef({ owner, repo, ref: `tags/${tag}` }));
  let target = ref?.data.object;
  // A tag may mark a tag; more than a few in a row is nobody's release.
  for (let hops = 0; target?.type === 'tag' && hops < 5; hops++) {
    target = (await github.rest.git.getTag({ owner, repo, tag_sha: target.sha })).data.object;
  }
  return target?.sha;
}

/** The page of a release. */
export interface ReleasePage {
  url: string;
  /** Markdown. */
  body: string;
}

/** The release page of a tag, `undefined` where it has none. */
async function findReleasePage(
  github: GitHub,
  { repository, tag }: { repository: string; tag: string },
): Promise<ReleasePage | undefined> {
  const { owner, name: repo } = parseRepository(repository, 'GITHUB_REPOSITORY');
  const found = await orMissing(github.rest.repos.getReleaseByTag({ owner, repo, tag }));
  return found === undefined ? undefined : { url: found.data.html_url, body: found.data.body ?? '' };
}

export interface ReleasePageRequest {
  repository: string;
  tag: string;
  title: string;
  /** Markdown, at most 125,000 characters. */
  body: string;
  prerelease: boolean;
  /** Whether the repository's page should show it as the latest release. */
  latest: boolean;
}

/**
 * Makes the release page of a tag that exists; where it has one, that one is returned as it is.
 *
 * @throws Error in plain words when the token may not write
 */
export async function makeReleasePage(github: GitHub, request: ReleasePageRequest): Promise<ReleasePage> {
  const { repository, tag, title, body, prerelease, latest } = request;
  const { owner, name: repo } = parseRepository(repository, 'GITHUB_REPOSITORY');
  const operation = { doing: `create the release of ${tag}`, repository, permission: 'contents: write' };
  return attempt(operation, async () => {
    for (let tried = 1; ; tried++) {
      try {
        const { data } = await github.rest.repos.createRelease({
          owner,
          repo,
          tag_name: tag,
          name: title,
          body,
          prerelease,
          make_latest: latest ? 'true' : 'false',
        });
        return { url: data.html_url, body };
      } catch (error) {
        const failure = readFailure(error);
        const mayExist = failure?.status === 422 || failure?.unanswered === true || (failure?.status ?? 0) >= 500;
        const found = mayExist ? await findReleasePage(github, { repository, tag }) : undefined;
        if (found !== undefined) {
          return found;
        }
        if (!mayExist || failure?.status === 422 || tried === PAGE_TRIES) {
          throw error;
        }
      }
    }
  });
}

async function orMissing<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (readFailure(error)?.status === 404) {
      return undefined;
    }
    throw error;
  }
}
