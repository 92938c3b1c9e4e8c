import { versionOf } from '../carriers/tag-version.js';

const COMMIT = /^[0-9a-f]{40}([0-9a-f]{24})?$/;
/** A full name of a tag. */
const TAG = /^(?:refs\/)?tags\//;
/** Full names of what is no tag: git takes `heads/v1.2.3` for a branch. */
const OTHER = /^(?:refs|heads|remotes|origin|pull|pulls|merge-requests)\//i;
/** Names that branches have, and tags hardly: a tag of such a name is meant for certain as `refs/tags/…`. */
const BRANCH = /^(?:(?:main|master|trunk|develop|development|head)[-/@_]|(?:release|hotfix|feature|bugfix|support)\/)/i;

/** Whether a text names one version or one commit: of a chart, of an artifact. */
export function isExact(text: string | undefined): boolean {
  return text !== undefined && (COMMIT.test(text) || versionOf(text) !== undefined);
}

/**
 * Whether a text names one commit of git, or a tag that is called like a version. A branch may be called like a version too, which
 * nobody can tell from its name: only what can be told is.
 *
 * @see https://git-scm.com/docs/gitrevisions a short name is a tag before it is a branch; Argo CD takes what is listed first
 */
export function isExactRevision(text: string | undefined): boolean {
  if (text === undefined || COMMIT.test(text)) {
    return text !== undefined;
  }
  const isTag = TAG.test(text);
  return (isTag || (!OTHER.test(text) && !BRANCH.test(text))) && versionOf(text.replace(TAG, '')) !== undefined;
}
