import { code, link, plain } from '../report/markdown.js';
import type { Change } from './changes.js';
import { SECTIONS } from './commit-types.js';

/** Author and pull request of a change. */
export interface Attribution {
  /** GitHub login; `undefined` where the author's address belongs to no account. */
  login: string | undefined;
  /** The merged pull requests that the commit was part of, of an integration branch too. */
  pullRequests: readonly { number: number; url: string }[];
}

/** Input for the notes of a release. */
export interface NotesSource {
  tag: string;
  /** Tag of the release before, `undefined` for the first. */
  previous: string | undefined;
  /** Page of the repository. */
  repositoryUrl: string;
  /** Newest first. */
  changes: readonly Change[];
  /** By commit; for a commit without one, the notes use its message. */
  attributions: ReadonlyMap<string, Attribution>;
}

/** Most lines of notes. */
const MOST_LINES = 200;
const OTHER = 'Other Changes';
const DEPENDENCIES = 'Dependencies';

/**
 * The notes of a release as Markdown: breaking changes first, then the changes by type in the order of the preset, each
 * with its pull request, author and commit, and at the end the link that compares it with the release before. Text from
 * commits takes no effect as markup, mention or reference.
 */
export function releaseNotes(source: NotesSource): string {
  const shown = source.changes.slice(0, MOST_LINES);
  const sections = [breaking(shown), ...byType(shown, source)].filter((section) => section !== '');
  const left = source.changes.length - shown.length;
  const more = left > 0 ? [`_And ${left} more ${left === 1 ? 'change' : 'changes'}._`] : [];
  return [...sections, ...more, comparison(source)].join('\n\n');
}

function breaking(changes: readonly Change[]): string {
  const own = changes.filter(({ dependency }) => dependency === undefined);
  const lines = own.flatMap(({ said }) => said.breaking.map((text) => `- ${scope(said.scope)}${plain(text)}`));
  return lines.length === 0 ? '' : ['### ⚠ Breaking Changes', '', ...new Set(lines)].join('\n');
}

function byType(changes: readonly Change[], source: NotesSource): string[] {
  const sections = new Map<string, string[]>([...SECTIONS.values(), OTHER, DEPENDENCIES].map((title) => [title, []]));
  for (const change of changes) {
    const own = SECTIONS.get(change.said.type ?? '') ?? OTHER;
    sections.get(change.dependency === undefined ? own : DEPENDENCIES)?.push(entry(change, source));
  }
  return [...sections]
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => [`### ${title}`, '', ...lines].join('\n'));
}

/** `- **cart:** take vouchers (#12) by ada, 1a2b3c4`, with links. */
function entry(change: Change, { repositoryUrl, attributions }: NotesSource): string {
  const { said, sha } = change;
  const text = plain(said.subject ?? said.header);
  const known = attributions.get(sha);
  const told = pullRequestOf(change, known);
  const pullRequest =
    told === undefined ? '' : ` (${link(`#${told.number}`, told.url ?? `${repositoryUrl}/pull/${told.number}`)})`;
  const author = known?.login === undefined ? plain(change.author) : profile(known.login, repositoryUrl);
  const commit = `[\`${sha.slice(0, 7)}\`](${repositoryUrl}/commit/${sha})`;
  const depends = change.dependency === undefined ? '' : `depends on ${code(change.dependency)}: `;
  return `- ${depends}${scope(said.scope)}${text}${pullRequest}${author === '' ? '' : ` by ${author}`}, ${commit}`;
}

/** The pull request that messages name, where GitHub knows it or a merge is for it; else the one that GitHub knows. */
function pullRequestOf(
  { pullRequest, merge }: Change,
  known: Attribution | undefined,
): { number: number; url?: string } | undefined {
  const named = known?.pullRequests.find(({ number }) => number === pullRequest);
  const own = pullRequest === undefined ? undefined : { number: pullRequest };
  return named ?? (merge === undefined ? undefined : own) ?? known?.pullRequests[0] ?? own;
}

/** A link to an account instead of a mention, which would notify the person wherever the notes are quoted. */
function profile(login: string, repositoryUrl: string): string {
  const bot = /^(.+)\[bot\]$/.exec(login);
  const origin = new URL(repositoryUrl).origin;
  return link(login, bot === null ? `${origin}/${login}` : `${origin}/apps/${bot[1]}`);
}

function scope(text: string | undefined): string {
  return text === undefined ? '' : `**${plain(text)}:** `;
}

function comparison({ tag, previous, repositoryUrl }: NotesSource): string {
  const path = (name: string) => encodeURIComponent(name).replace(/%2F/g, '/');
  return previous === undefined
    ? `**First release.** ${link('All commits', `${repositoryUrl}/commits/${path(tag)}`)}`
    : `**All changes:** ${link(`${previous}...${tag}`, `${repositoryUrl}/compare/${path(previous)}...${path(tag)}`)}`;
}
