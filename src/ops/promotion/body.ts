import { code, details, fenced, link, plain, table } from '../../report/markdown.js';
import { cutToBytes } from '../../report/summary.js';
import { type PublishedRelease, releasesBetween } from '../bump/releases-between.js';
import { renderNotes } from '../pull-request/body.js';
import { resourcesMarkdown } from '../render/markdown.js';
import type { RenderedDiff } from '../render/rendered-diff.js';
import type { Adoption, Decision } from './decide.js';
import type { PromotionRequest } from './request.js';

/** What a promotion's pull request tells. */
export interface Evidence {
  decision: Decision;
  request: PromotionRequest;
  /** Unified diff of the files. */
  diff: string;
  rendered: RenderedDiff;
  /** Published releases of each app by its name; `undefined` where they could not be read. */
  releases: ReadonlyMap<string, readonly PublishedRelease[] | undefined>;
  merges: boolean;
}

/**
 * The text of a promotion's pull request: versions, since when the source has them, what went past the policy, what
 * changes in the cluster, release notes, changed lines.
 *
 * @param limit bytes it may take; release notes give way first
 */
export function renderEvidence(evidence: Evidence, limit: number): string {
  const { decision } = evidence;
  const head = [
    `Brings **${plain(decision.environment.name)}** to what **${plain(decision.source.label)}** has.`,
    versionsTable(decision.going),
    forcedPart(evidence),
    leftPart(decision),
    notesPart(decision.going),
    startedBy(evidence.request),
  ].filter((part) => part !== '');
  const first = head.join('\n\n');
  const foot = footer(evidence.merges);
  let left = limit - Buffer.byteLength(first) - Buffer.byteLength(foot) - 64;
  const rendered = renderedPart(evidence, Math.max(0, Math.min(left / 2, 24_000)));
  left -= Buffer.byteLength(rendered) + 2;
  const diff = details(
    'Changed lines',
    fenced('diff', cutToBytes(evidence.diff.trimEnd(), Math.max(0, Math.min(left / 2, 16_000)))),
  );
  left -= Buffer.byteLength(diff) + 2;
  const releases = releasesPart(evidence, left);
  const whole = [first, releases, rendered, diff, foot].filter((part) => part !== '').join('\n\n');
  return Buffer.byteLength(whole) <= limit ? whole : cutToBytes(whole, Math.max(0, limit - 128));
}

function versionsTable(going: readonly Adoption[]): string {
  const rows = going.map(({ app, moved, since, source }) => [
    plain(app),
    moved.isNew ? '_new_' : moved.previous === null ? '' : code(moved.previous),
    moved.version === null ? '' : code(moved.version),
    since === undefined
      ? ''
      : `${plain(source.environment)} since ${plain(since.toISOString().slice(0, 16).replace('T', ' '))} UTC`,
  ]);
  return table(['app', 'from', 'to', 'runs in'], rows);
}

function forcedPart({ decision, request }: Evidence): string {
  const rules = [...new Set(decision.going.flatMap(({ forced }) => forced.map(({ message }) => message)))];
  if (rules.length === 0) {
    return '';
  }
  const by = request.actor === '' ? '' : ` by ${plain(request.actor)}`;
  return [
    '> [!WARNING]',
    `> Goes past the policy${by}: ${plain(request.reason ?? '')}`,
    '>',
    ...rules.map((message) => `> - ${plain(message)}`),
  ].join('\n');
}

function leftPart({ left }: Decision): string {
  return left.length === 0
    ? ''
    : `Stays behind:\n\n${left.map(({ app, message }) => `- **${plain(app)}**: ${plain(message)}`).join('\n')}`;
}

function notesPart(going: readonly Adoption[]): string {
  const notes = [...new Set(going.flatMap(({ moved }) => moved.notes))];
  return notes.length === 0 ? '' : `To look at:\n\n${notes.map((note) => `- ${plain(note)}`).join('\n')}`;
}

function startedBy({ actor, reason, runUrl }: PromotionRequest): string {
  const who = actor === '' ? 'Started' : `Started by ${plain(actor)}`;
  const run = runUrl === '' ? '' : ` in ${link('this run', runUrl)}`;
  return `${who}${run}${reason === undefined ? '.' : `: ${plain(reason)}`}`;
}

function renderedPart({ rendered }: Evidence, limit: number): string {
  if ('unavailable' in rendered) {
    return `_${plain(rendered.unavailable)}_`;
  }
  const problems = rendered.folders.flatMap(({ folder, problem }) =>
    problem === undefined ? [] : [`- ${code(folder)}: ${plain(problem)}`],
  );
  const groups = rendered.folders.flatMap((folder) => folder.groups);
  const parts = ['**In the cluster**', resourcesMarkdown(groups, limit)];
  return [...parts, ...(problems.length === 0 ? [] : [`Not rendered:\n\n${problems.join('\n')}`])].join('\n\n');
}

function releasesPart({ decision, releases }: Evidence, limit: number): string {
  const parts: string[] = [];
  let left = limit;
  for (const { app, moved } of decision.going) {
    const known = releases.get(app);
    const between =
      known === undefined || moved.version === null
        ? []
        : releasesBetween(known, app, moved.previous, moved.version, known[0]?.tag).map(({ tag, url, notes }) => ({
            version: tag,
            url,
            notes,
          }));
    if (between.length > 0 && left > 400) {
      const part = details(`Releases of ${app}: ${between.length}`, renderNotes(between, undefined, left - 200));
      left -= Buffer.byteLength(part) + 2;
      parts.push(part);
    }
  }
  return parts.join('\n\n');
}

function footer(merges: boolean): string {
  const first = merges ? 'It merges by itself once its checks allow.' : 'It waits for a person to merge it.';
  return `<sub>${first} Commits of yours on this branch are kept; files whose name starts with an underscore are never promoted.</sub>`;
}
