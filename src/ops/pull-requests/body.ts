import { cutMarkdown } from '../../report/cut.js';
import { code, details, fenced, link, plain } from '../../report/markdown.js';
import { cutToBytes } from '../../report/summary.js';
import type { ClusterChanges } from '../render/cluster-changes.js';
import { resourcesMarkdown } from '../render/resources-markdown.js';

/** What the text of a pull request in an ops repository says, whatever the verb. */
export interface BodyParts {
  /** What it does and what a person must know first, paragraphs of Markdown; empty ones are left out. */
  head: readonly string[];
  /** What changes in the clusters; `undefined` where that is not part of the text. */
  clusters: ClusterChanges | undefined;
  /** Unified diff of the files. */
  diff: string;
  /** Further sections, which give way first: made for the bytes that are left. */
  more?: (room: number) => string;
  /** What happens to it next, one or more sentences of plain text. */
  next: string;
}

/**
 * Who started it, and in which run: `Started by ann in [this run](…).`
 *
 * @param by a login, empty where nobody is known
 * @param runUrl page of the run, empty outside of one
 * @returns Markdown, empty where there is nothing to say
 */
export function startedBy(by: string, runUrl: string): string {
  const parts = [by === '' ? '' : `by ${plain(by)}`, runUrl === '' ? '' : `in ${link('this run', runUrl)}`];
  const known = parts.filter((part) => part !== '');
  return known.length === 0 ? '' : `Started ${known.join(' ')}.`;
}

/** The reason that a person gave, as Markdown; empty where there is none. */
export function why(reason: string | undefined): string {
  return reason === undefined ? '' : `**Why:** ${plain(reason)}`;
}

/** Who merges it, in a sentence that is true of a pull request that was merged, too: nobody writes it again then. */
export function mergeSentence(merges: boolean): string {
  return merges ? 'It merges by itself once its checks and the policy allow.' : 'A person merges it.';
}

/**
 * The text of a pull request: what it does, what changes in the clusters, further sections, changed lines, what is next.
 *
 * @param limit bytes it may take
 */
export function pullRequestBody({ head, clusters, diff, more, next }: BodyParts, limit: number): string {
  const first = joined(head);
  const foot = `<sub>${plain(next)} Commits of yours on this branch are kept.</sub>`;
  let left = limit - Buffer.byteLength(first) - Buffer.byteLength(foot) - 512;
  const rendered = clusters === undefined ? '' : clustersPart(clusters, share(left, 24_000));
  left -= Buffer.byteLength(rendered);
  const lines = details('Changed lines', fenced('diff', cutToBytes(diff.trimEnd(), share(left, 16_000))));
  left -= Buffer.byteLength(lines);
  const whole = joined([first, rendered, more?.(left) ?? '', lines, foot]);
  return cutMarkdown(whole, limit);
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}

/** Half of what is left at most, so that there is room for what comes after. */
function share(left: number, most: number): number {
  return Math.max(0, Math.min(left / 2, most));
}

function clustersPart(clusters: ClusterChanges, limit: number): string {
  if ('unavailable' in clusters) {
    return `_${plain(clusters.unavailable)}_`;
  }
  const { groups, problems } = clusters;
  const broken = problems.map(({ folder, problem }) =>
    problem.startsWith(folder) ? `- ${plain(problem)}` : `- ${code(folder)}: ${plain(problem)}`,
  );
  const nothing = broken.length > 0 && groups.every(({ changes }) => changes.length === 0);
  return joined([
    '### In the clusters',
    nothing ? '' : resourcesMarkdown(groups, limit),
    broken.length === 0 ? '' : `Could not be rendered:\n\n${broken.join('\n')}`,
  ]);
}
