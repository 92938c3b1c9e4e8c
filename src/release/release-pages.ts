import * as v from 'valibot';
import type { GitHub } from '../github/client.js';
import { parseRepository } from '../github/context.js';
import { attempt } from '../github/errors.js';
import type { ReleasePage } from './publish.js';

/** Tags per document. */
const BATCH = 100;

/** The release page and the message of one tag. */
export interface TagPage {
  /** `undefined` where the tag has no release page. */
  page: ReleasePage | undefined;
  /** Message of the annotated tag, empty for a plain one. */
  message: string;
}

const answerSchema = v.object({ repository: v.record(v.string(), v.unknown()) });
const releaseSchema = v.nullable(v.object({ url: v.string(), description: v.nullish(v.string(), '') }));
const refSchema = v.nullable(v.object({ target: v.nullish(v.object({ message: v.optional(v.string(), '') })) }));

/**
 * Reads the release pages and messages of tags, a hundred in one request.
 *
 * @param repository `owner/name`
 * @param tags names without `refs/tags/`
 * @throws Error with a sentence for people when the repository cannot be read
 */
export async function readReleasePages(
  github: GitHub,
  repository: string,
  tags: readonly string[],
): Promise<Map<string, TagPage>> {
  const pages = new Map<string, TagPage>();
  const operation = { doing: 'read the releases', repository, permission: 'contents: read' };
  for (let at = 0; at < tags.length; at += BATCH) {
    const batch = tags.slice(at, at + BATCH);
    const variables = {
      ...parseRepository(repository, 'GITHUB_REPOSITORY'),
      ...Object.fromEntries(
        batch.flatMap((tag, index) => [
          [`t${index}`, tag],
          [`r${index}`, `refs/tags/${tag}`],
        ]),
      ),
    };
    const answer = await attempt(operation, () => github.query(answerSchema, documentFor(batch.length), variables));
    for (const [index, tag] of batch.entries()) {
      const release = v.parse(releaseSchema, answer.repository[`t${index}`]);
      const ref = v.parse(refSchema, answer.repository[`r${index}`]);
      pages.set(tag, {
        page: release === null ? undefined : { url: release.url, body: release.description },
        message: ref?.target?.message ?? '',
      });
    }
  }
  return pages;
}

function documentFor(count: number): string {
  const each = <T>(part: (index: number) => T) => Array.from({ length: count }, (_none, index) => part(index));
  const parameters = each((index) => `$t${index}: String!, $r${index}: String!`).join(', ');
  const parts = each(
    (index) => `t${index}: release(tagName: $t${index}) { url description }
    r${index}: ref(qualifiedName: $r${index}) { target { ... on Tag { message } } }`,
  );
  return `query ReleasePages($owner: String!, $name: String!, ${parameters}) {
  repository(owner: $owner, name: $name) {
    ${parts.join('\n    ')}
  }
}`;
}
