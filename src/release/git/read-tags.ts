import { askServer } from '../../git/ask-server.js';
import type { Git } from '../../git/git.js';

/** One tag on the server. */
export interface RemoteTag {
  /** Without `refs/tags/`. */
  name: string;
  /** What it marks: an annotated tag is followed to its target. */
  commit: string;
}

/**
 * All tags of the repository on the server; those of the clone may be missing, stale or not pushed.
 *
 * @throws Error with a sentence for people when the server refuses
 */
export async function readTags(git: Git): Promise<RemoteTag[]> {
  const result = await askServer(git, ['ls-remote', '--tags', git.url]);
  if (!result.ok) {
    throw new Error(
      `Could not list the tags of ${git.repository} at ${git.url}: ${result.problem}. The token needs "contents: read" ` +
        'for this repository: grant it under "permissions:" of the job, or check the input "github-token".',
    );
  }
  return parseTags(result.stdout);
}

/** Reads lines of `<id>\trefs/tags/<name>`, where a line `<name>^{}` gives the target of the annotated tag before it. */
export function parseTags(listing: string): RemoteTag[] {
  const tags = new Map<string, string>();
  for (const line of listing.split('\n')) {
    const match = /^([0-9a-f]{40,64})\trefs\/tags\/(.+?)(?:\^\{\})?$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) {
      tags.set(match[2], match[1]);
    }
  }
  return [...tags].map(([name, commit]) => ({ name, commit }));
}
