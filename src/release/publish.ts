import type { GitHub } from '../github/client.js';
import { parseRepository } from '../github/context.js';
import { attempt } from '../github/errors.js';
import { mayHaveTakenEffect, readFailure } from '../github/failure.js';
import { isRule } from '../github/rule-refusal.js';
import { whyTagRefused } from './refused-tag.js';

/** Attempts to create a release page after requests without an answer. Each looks for the page first. */
const PAGE_TRIES = 3;

/** A tag to create. */
export interface TagRequest {
  /** `owner/name`. */
  repository: string;
  tag: string;
  /** The commit to mark. */
  sha: string;
  message: string;
  /** The branch of the run, `undefined` where it is of another ref. */
  branch: string | undefined;
}

/** Whether the tag was created, existed on the same commit, exists on another one, or is for a later run to make. */
export type TagOutcome =
  | { kind: 'made' | 'same' }
  | { kind: 'taken'; commit: string }
  | { kind: 'overtaken'; why: string };

/**
 * Creates an annotated tag. Creating the ref is atomic: of two runs with the same tag, one succeeds, and the other reads
 * which commit has it.
 *
 * @throws Error with a sentence for people when the token may not write
 */
export async function makeTag(github: GitHub, request: TagRequest): Promise<TagOutcome> {
  const { repository, tag, sha, message } = request;
  const { owner, name: repo } = parseRepository(repository, 'GITHUB_REPOSITORY');
  const operation = { doing: `create the tag ${tag}`, repository, permission: 'contents: write' };
  return attempt(operation, async () => {
    const object = await github.octokit.request('POST /repos/{owner}/{repo}/git/tags', {
      owner,
      repo,
      tag,
      message,
      object: sha,
      type: 'commit',
    });
    try {
      await github.octokit.request('POST /repos/{owner}/{repo}/git/refs', {
        owner,
        repo,
        ref: `refs/tags/${tag}`,
        sha: object.data.sha,
      });
      return { kind: 'made' };
    } catch (error) {
      const failure = readFailure(error);
      // The object has been written, so it is not for want of `contents: write`.
      const refusal = failure?.status === 403 ? await whyTagRefused(github, request) : undefined;
      if (refusal?.kind === 'overtaken') {
        return refusal;
      }
      const commit = failure?.status === 422 ? await tagTarget(github, { repository, tag }) : undefined;
      if (commit === undefined) {
        throw refusal?.error ?? ruledOut(request, failure?.message ?? '') ?? error;
      }
      return commit === sha ? { kind: 'same' } : { kind: 'taken', commit };
    }
  });
}

/** The error of a tag that a rule of the repository refused; `undefined` where none did. */
function ruledOut({ repository, tag }: TagRequest, message: string): Error | undefined {
  return isRule(message)
    ? new Error(
        `Could not create the tag ${tag} in ${repository}: GitHub answered "${message}". A rule of the repository refuses it, ` +
          'and would again. In the settings under Rules, leave the tags of releases out of the ruleset, or pass the token of ' +
          'a GitHub App that is on its bypass list as "github-token".',
      )
    : undefined;
}

/** The commit of a tag, `undefined` when the tag does not exist. */
async function tagTarget(
  github: GitHub,
  { repository, tag }: { repository: string; tag: string },
): Promise<string | undefined> {
  const { owner, name: repo } = parseRepository(repository, 'GITHUB_REPOSITORY');
  const ref = await orMissing(
    github.octokit.request('GET /repos/{owner}/{repo}/git/ref/{ref}', { owner, repo, ref: `tags/${tag}` }),
  );
  let target = ref?.data.object;
  // A tag may point to a tag. A longer chain is no release of ours.
  for (let hops = 0; target?.type === 'tag' && hops < 5; hops++) {
    target = (
      await github.octokit.request('GET /repos/{owner}/{repo}/git/tags/{tag_sha}', { owner, repo, tag_sha: target.sha })
    ).data.object;
  }
  return target?.sha;
}

/** The page of a release. */
export interface ReleasePage {
  url: string;
  /** Markdown. */
  body: string;
}

/** The release page of a tag, `undefined` when it has none. */
async function findReleasePage(
  github: GitHub,
  { repository, tag }: { repository: string; tag: string },
): Promise<ReleasePage | undefined> {
  const { owner, name: repo } = parseRepository(repository, 'GITHUB_REPOSITORY');
  const found = await orMissing(
    github.octokit.request('GET /repos/{owner}/{repo}/releases/tags/{tag}', { owner, repo, tag }),
  );
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
 * Creates the release page of an existing tag. An existing page is returned unchanged.
 *
 * @throws Error with a sentence for people when the token may not write
 */
export async function makeReleasePage(github: GitHub, request: ReleasePageRequest): Promise<ReleasePage> {
  const { repository, tag, title, body, prerelease, latest } = request;
  const { owner, name: repo } = parseRepository(repository, 'GITHUB_REPOSITORY');
  const operation = { doing: `create the release of ${tag}`, repository, permission: 'contents: write' };
  return attempt(operation, async () => {
    for (let tried = 1; ; tried++) {
      try {
        const { data } = await github.octokit.request('POST /repos/{owner}/{repo}/releases', {
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
        const mayExist = failure?.status === 422 || (failure !== undefined && mayHaveTakenEffect(failure));
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
