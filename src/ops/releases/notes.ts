import { quotable } from '../../report/hidden.js';
import { link, quoted } from '../../report/markdown.js';

/** A release between what is deployed and what is proposed. */
export interface ReleaseNote {
  version: string;
  url: string;
  /** Markdown, from the release page: written by people, so not trusted. */
  notes: string;
}

/**
 * Release notes, Markdown: each quoted and inert, newest first.
 *
 * @param limit bytes it may take; what does not fit is counted
 */
export function renderNotes(
  releases: readonly ReleaseNote[],
  olderReleasesUrl: string | undefined,
  limit: number,
): string {
  const parts: string[] = [];
  let left = limit;
  for (const [index, release] of releases.entries()) {
    const title = `**${link(release.version, release.url)}**`;
    const notes = quotable(release.notes);
    const note = notes === '' ? title : `${title}\n\n${quoted(notes, release.url)}`;
    left -= Buffer.byteLength(note) + 4;
    if (left < 200) {
      parts.push(
        `_${releases.length - index} more ${releases.length - index === 1 ? 'release' : 'releases'} did not fit here._`,
      );
      break;
    }
    parts.push(note);
  }
  if (olderReleasesUrl !== undefined) {
    parts.push(`_More releases may lie in between: ${link('all releases', olderReleasesUrl)}._`);
  }
  return parts.join('\n\n');
}
