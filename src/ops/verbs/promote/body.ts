import { details, link, plain, table } from '../../../report/markdown.js';
import { codeVersion } from '../../../report/short-version.js';
import { utc } from '../../../report/time.js';
import { unreportedNote } from '../../live/unreported.js';
import { mergeSentence, pullRequestBody, startedBy, why } from '../../pull-requests/body.js';
import { renderNotes } from '../../releases/notes.js';
import { type PublishedRelease, releasesBetween } from '../../releases/releases-between.js';
import type { Superseded } from '../../releases/superseded.js';
import type { ClusterChanges } from '../../render/cluster-changes.js';
import type { Adoption, Decision } from './decide.js';
import type { PromotionRequest } from './request.js';

/** Apps that a list shows: of more, nobody reads them here, and GitHub's limit is near. */
const MOST_ROWS = 150;

/** What a promotion's pull request tells. */
export interface Evidence {
  decision: Decision;
  request: PromotionRequest;
  /** Unified diff of the files. */
  diff: string;
  clusters: ClusterChanges;
  /** Published releases of each app by its name; `undefined` where they could not be read. */
  releases: ReadonlyMap<string, readonly PublishedRelease[] | undefined>;
  /** Pull requests of releases that it replaces. */
  superseded: readonly Superseded[];
  /** Whether it merges by itself, once the policy allows. */
  merges: boolean;
}

/**
 * The text of a promotion's pull request: versions, since when the source has them, what went past the policy, what
 * changes in the clusters, release notes, changed lines.
 *
 * @param limit bytes it may take; release notes give way first
 */
export function renderEvidence(evidence: Evidence, limit: number): string {
  const { decision, clusters, diff, merges } = evidence;
  const head = [
    stagesLine(decision),
    headline(decision),
    whyPart(evidence),
    versionsTable(decision.going),
    startedBy(evidence.request.actor, evidence.request.runUrl),
    notesPart(decision.going),
    leftPart(decision),
    supersededPart(evidence.superseded),
    ...unreportedNote(decision.unreported),
  ];
  const next = `${mergeSentence(merges)} Files whose name starts with an underscore are never promoted.`;
  return pullRequestBody({ head, clusters, diff, more: (room) => releasesPart(evidence, room), next }, limit);
}

function headline({ going, environment, source }: Decision): string {
  const [first] = going;
  const what = first !== undefined && going.length === 1 ? `**${plain(first.app)}**` : `**${going.length} apps**`;
  return `Brings ${what} in **${plain(environment.name)}** to what **${plain(source.label)}** has.`;
}

/** What both environments have of the one app; with more than one the table tells it. */
function stagesLine({ going, environment, source }: Decision): string {
  const [first] = going;
  if (first === undefined || going.length > 1) {
    return '';
  }
  const { version, previous } = first.moved;
  const has = (each: string | null) => (each === null ? '' : ` ${codeVersion(each)}`);
  return `${plain(source.environment)}${has(version)} → **${plain(environment.name)}**${has(previous)}`;
}

function versionsTable(going: readonly Adoption[]): string {
  const rows = going
    .slice(0, MOST_ROWS)
    .map(({ app, moved, since, source }) => [
      `**${plain(app)}**`,
      moved.isNew ? '_new_' : moved.previous === null ? '' : codeVersion(moved.previous),
      moved.version === null ? '' : codeVersion(moved.version),
      since === undefined ? '' : `${plain(source.environment)} since ${plain(utc(since))}`,
    ]);
  return withMore(table(['app', 'from', 'to', 'runs in'], rows), going.length, '\n\n');
}

function whyPart({ decision, request }: Evidence): string {
  const rules = [...new Set(decision.going.flatMap(({ forced }) => forced.map(({ fact }) => fact)))];
  if (rules.length === 0) {
    return why(request.reason);
  }
  const by = request.actor === '' ? '' : ` by ${plain(request.actor)}`;
  return [
    '> [!WARNING]',
    `> Goes past the policy${by}: ${plain(request.reason ?? '')}`,
    '>',
    ...rules.map((fact) => `> - ${plain(fact)}`),
  ].join('\n');
}

function leftPart({ left }: Decision): string {
  const lines = left.slice(0, MOST_ROWS).map(({ app, message }) => `- **${plain(app)}**: ${plain(message)}`);
  return lines.length === 0 ? '' : `Stays behind:\n\n${withMore(lines.join('\n'), left.length, '\n')}`;
}

/** Says how many more there are than those that are shown. */
function withMore(shown: string, all: number, between: string): string {
  return all <= MOST_ROWS ? shown : `${shown}${between}- … and ${all - MOST_ROWS} more, see the job summary.`;
}

function notesPart(going: readonly Adoption[]): string {
  const notes = [...new Set(going.flatMap(({ moved }) => [...moved.notes, ...(moved.unproved ?? [])]))];
  return notes.length === 0 ? '' : `To look at:\n\n${notes.map((note) => `- ${plain(note)}`).join('\n')}`;
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

/** Pull requests of releases that say nothing new once this is merged. */
function supersededPart(superseded: readonly Superseded[]): string {
  const lines = superseded.map(({ app, number, url, version, theirs }) => {
    const what = `${link(`#${number}`, url)} (${plain(app)} ${codeVersion(version)})`;
    return theirs
      ? `- ${what} has commits of people on it, so it stays open: close it, or keep what is theirs.`
      : `- ${what} is closed once this is merged.`;
  });
  return lines.length === 0 ? '' : `Replaces:\n\n${lines.join('\n')}`;
}
