import { code, details, fenced, link, plain, table } from '../../../report/markdown.js';
import { cutToBytes } from '../../../report/summary.js';
import type { ImageTarget } from '../../carriers/carrier.js';
import { type ReleaseNote, renderNotes } from '../../releases/notes.js';

/** Where the other environments of the app stand. */
export interface OtherEnvironment {
  environment: string;
  /** What it holds, `null` where the app is not in it. */
  version: string | null;
  /** What waits there, Markdown. */
  waiting: string;
}

/** Everything a pull request says. */
export interface Story {
  app: string;
  environment: string;
  version: string;
  /** What the environment holds, `null` where nothing is known. */
  previous: string | null;
  images: readonly ImageTarget[];
  /** Newest first; `undefined` where the releases could not be read. */
  releases: readonly ReleaseNote[] | undefined;
  /** Page of all releases, where there may be more in between than are known. */
  olderReleasesUrl: string | undefined;
  /** Links: `repository` of the source, its commit, the run, the comparison between the versions. */
  source: { repository: string; sha: string; commitUrl: string; runUrl: string };
  /** Unified diff of the files. */
  diff: string;
  others: readonly OtherEnvironment[];
  /** Whether it merges by itself. */
  merges: boolean;
}

/**
 * The content of our block in a pull request, Markdown.
 *
 * @param limit bytes it may take; release notes give way first, then the diff
 */
export function renderStory(story: Story, limit: number): string {
  const head = [headline(story), imageTable(story), sourceLine(story)].filter((part) => part !== '').join('\n\n');
  const tail = [othersTable(story), footer(story)].filter((part) => part !== '').join('\n\n');
  let left = limit - Buffer.byteLength(head) - Buffer.byteLength(tail) - 16;
  const diff = details(
    'Changed lines',
    fenced('diff', cutToBytes(story.diff.trimEnd(), Math.max(0, Math.min(left - 512, 24_000)))),
  );
  left -= Buffer.byteLength(diff);
  const notes = releaseNotes(story, left);
  return [head, notes, diff, tail].filter((part) => part !== '').join('\n\n');
}

function headline({ app, environment, version, previous }: Story): string {
  const from = previous === null || previous === version ? '' : ` from ${code(previous)}`;
  return `Sets **${plain(app)}** in **${plain(environment)}**${from} to ${code(version)}.`;
}

function imageTable({ images }: Story): string {
  if (images.length === 0) {
    return '';
  }
  return table(
    ['image', 'tag', 'digest'],
    images.map(({ repository, tag, digest }) => [
      code(repository),
      code(tag),
      digest === undefined ? '' : code(digest),
    ]),
  );
}

function sourceLine({ source }: Story): string {
  const commit = link(`${source.repository}@${source.sha.slice(0, 7)}`, source.commitUrl);
  return source.runUrl === '' ? `From ${commit}.` : `From ${commit}, made by ${link('this run', source.runUrl)}.`;
}

function othersTable({ app, others }: Story): string {
  if (others.length === 0) {
    return '';
  }
  const rows = others.map(({ environment, version, waiting }) => [
    plain(environment),
    version === null ? '' : code(version),
    waiting,
  ]);
  return `Where else ${plain(app)} stands:\n\n${table(['environment', 'holds', 'waiting'], rows)}`;
}

function footer({ version, merges }: Story): string {
  const first = merges ? 'It merges by itself once its checks allow.' : 'It waits for a person to merge it.';
  return (
    `<sub>${first} Commits of yours on this branch are kept. Closing it keeps ${plain(version)} out; the next version ` +
    'opens a new one.</sub>'
  );
}

function releaseNotes({ releases, olderReleasesUrl }: Story, limit: number): string {
  return releases === undefined
    ? '_The releases in between could not be read._'
    : renderNotes(releases, olderReleasesUrl, limit);
}
