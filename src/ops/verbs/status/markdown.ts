import { firstFew } from '../../../report/first-few.js';
import { code, details, link, plain, table } from '../../../report/markdown.js';
import { codeVersion } from '../../../report/short-version.js';
import { utc } from '../../../report/time.js';
import { chartLabel } from '../../carriers/chart-reference.js';
import { unreportedNote } from '../../live/unreported.js';
import type { Health } from '../../policy/health.js';
import { type Hold, heldNames } from '../../policy/holds.js';
import type { AppStatus, Cell, EnvironmentStatus, Lag, OpenProposal, Status } from './status.js';

/** Characters of a version that a cell takes next to another one: no digest does. */
const LONGEST_VERSION = 24;

/** Places that are named for each version. */
const PLACES = 3;

/** Rows that are shown. Of more, those without anything to report are folded. */
const SHOWN = 30;

/**
 * The status as a person reads it, Markdown: freezes, a table of apps and environments, holds, and other pull requests.
 *
 * @param repository `owner/name`, for the title
 */
export function statusMarkdown(status: Status, repository: string, now: Date): string {
  const { environments, apps, pullRequests, unreported, warnings } = status;
  const findings = findingsMarkdown(status);
  if (apps.length === 0) {
    const why = warnings.length === 0 ? ['No app is in any environment.'] : warnings.map(plain);
    return `## Status of ${plain(repository)}\n\n${[...findings, ...why].join('\n\n')}\n`;
  }
  const noteworthy = apps.filter(isNoteworthy);
  const quiet = apps.filter((app) => !isNoteworthy(app));
  const shown = apps.length <= SHOWN ? apps : noteworthy;
  const rest = apps.length <= SHOWN ? [] : quiet;
  const rows = (some: readonly AppStatus[]) =>
    table(
      ['App', ...environments.map(({ name }) => plain(name))],
      some.map(({ app, environments: cells }) => [
        `**${plain(app)}**`,
        ...environments.map(({ name }) => cellMarkdown(cells.get(name), now)),
      ]),
    );
  const parts = [
    `## Status of ${plain(repository)}`,
    ...findings,
    ...environments.flatMap(({ name, frozenUntil }) =>
      frozenUntil === undefined ? [] : [`**${plain(name)}** is frozen until ${utc(frozenUntil)}.`],
    ),
    ...environments.flatMap((environment) => healthText(environment, now)),
    ...unreportedNote(unreported),
    ...(shown.length === 0
      ? ['Every app has the same version in every environment, without a hold or an open pull request.']
      : [rows(shown)]),
    ...(rest.length === 0 ? [] : [details(`${rest.length} more with nothing to report`, rows(rest))]),
    ...holdsMarkdown(status),
    ...(pullRequests.length === 0
      ? []
      : [
          `Other open pull requests:\n\n${pullRequests.map((pull) => `- ${proposal(pull)} ${plain(pull.title)}`).join('\n')}`,
        ]),
    ...(warnings.length === 0
      ? []
      : [`Could not be read:\n\n${warnings.map((text) => `- ${plain(text)}`).join('\n')}`]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function findingsMarkdown({ findings }: Status): string[] {
  const lines = findings.map(({ number, url, title }) => `- ${link(`#${number}`, url)} ${plain(title)}`);
  return lines.length === 0 ? [] : [`**Past the policy**, and not settled:\n\n${lines.join('\n')}`];
}

/** What is reported of an environment. Of one that is live it is enough to say since when. */
function healthText({ name, health }: EnvironmentStatus, now: Date): string[] {
  if (health === undefined) {
    return [];
  }
  const { state, since, reason, next, lastFailure } = health;
  const age = since === undefined ? '' : ` ${lasting(since, now)}`;
  if (state === 'live') {
    const failure =
      lastFailure === undefined ? '' : ` Its last failure was at ${utc(lastFailure.at)}: ${plain(lastFailure.reason)}.`;
    return [`**${plain(name)}** is live${age}.${failure}`];
  }
  const is = state === 'failed' ? 'has **failed**' : state === 'unknown' ? 'is **unknown**' : `is ${state}`;
  return [`**${plain(name)}** ${is}${age}: ${plain(reason)}. ${plain(next)}`];
}

function isNoteworthy({ environments }: AppStatus): boolean {
  return [...environments.values()].some(
    ({ behind, hold, health, pullRequests, places = [] }) =>
      behind !== undefined ||
      hold !== undefined ||
      (health !== undefined && health.state !== 'live') ||
      pullRequests.length + places.length > 0,
  );
}

function cellMarkdown(cell: Cell | undefined, now: Date): string {
  if (cell === undefined) {
    return '—';
  }
  const age = cell.since === undefined ? '' : `, ${lasting(cell.since, now)}`;
  return [
    `${versionText(cell)}${cell.inBase ? ' of the base' : ''}${age}`,
    ...(cell.health === undefined ? [] : [cellHealth(cell.health, now)]),
    ...placeTexts(cell),
    ...chartTexts(cell),
    ...(cell.behind === undefined ? [] : [lagText(cell.behind, now)]),
    ...(cell.hold === undefined ? [] : [cell.violatesHold ? `**${heldText(cell.hold)}**` : 'on hold']),
    ...(cell.pullRequests.length === 0 ? [] : [cell.pullRequests.map(proposal).join(', ')]),
  ].join('<br>');
}

/** `live for 2 h`, `**failed** for 5 min`. */
function cellHealth({ state, since }: Health, now: Date): string {
  const text = state === 'failed' || state === 'unknown' ? `**${state}**` : state;
  return `${text}${since === undefined ? '' : ` ${lasting(since, now)}`}`;
}

/** `1.4.0`, or `chart podinfo 6.5.0` where the version is that of a chart. */
function versionText({ version, chart }: Cell): string {
  if (version === null) {
    return 'no version';
  }
  return chart === undefined ? code(version) : `chart ${code(`${chart} ${version}`)}`;
}

/** Which places have which version, where they differ: `1.4.0` in production/us-1/web. */
function placeTexts({ places = [] }: Cell): string[] {
  const versions = [...new Set(places.map(({ version }) => version))];
  return versions.map((version) => {
    const own = places.filter((each) => each.version === version).map(({ place }) => code(place));
    return `${version === null ? 'no version' : code(version)} in ${firstFew(own, PLACES)}`;
  });
}

/** Charts beside the version, and those that follow a range. */
function chartTexts({ version, chart, charts = [], following = [] }: Cell): string[] {
  const others = charts.filter((each) => each.name !== chart || chartLabel(each) !== `${chart} ${version}`);
  return [
    ...others.map((each) => `chart ${code(chartLabel(each))}`),
    ...following.map(({ name, range }) => `chart ${code(name)} follows ${range === '' ? 'the newest' : code(range)}`),
  ];
}

function lagText({ versions, since, newest }: Lag, now: Date): string {
  if (versions === undefined) {
    const isShort = newest !== null && newest.length <= LONGEST_VERSION;
    return isShort ? `another version than ${code(newest)}` : 'another version';
  }
  return `${versions} behind${since === undefined ? '' : `, ${lasting(since, now)}`}`;
}

/** `on hold at 1.4.0`; of a hold that names no version that something came in since. */
function heldText({ version }: Hold): string {
  return version === undefined ? 'on hold, and changed since' : `on hold at ${code(version)}`;
}

function holdsMarkdown({ apps }: Status): string[] {
  // One hold may be that of many apps.
  const all = apps.flatMap(({ environments }) => [...environments.values()].flatMap(({ hold }) => hold ?? []));
  const holds = [...new Set(all)];
  if (holds.length === 0) {
    return [];
  }
  const rows = holds.map(({ app, environment, version, by, since, until, reason }) => [
    plain(heldNames({ environment, app }).what),
    plain(heldNames({ environment, app }).where),
    version === undefined ? 'as it was' : codeVersion(version),
    plain(by),
    utc(new Date(since)),
    until === undefined ? 'it is lifted' : utc(new Date(until)),
    plain(reason ?? ''),
  ]);
  return [`### Holds\n\n${table(['App', 'Environment', 'Version', 'By', 'Since', 'Until', 'Why'], rows)}`];
}

function proposal({ number, url }: OpenProposal): string {
  return link(`#${number}`, url);
}

/** `for 3 d`, `since just now`. */
function lasting(from: Date, now: Date): string {
  return now.getTime() - from.getTime() < 60_000 ? 'since just now' : `for ${ageOf(from, now)}`;
}

/** A length of time in its largest unit: `3 d`, `5 h`, `12 min`. */
function ageOf(from: Date, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - from.getTime()) / 60_000));
  if (minutes < 60) {
    return `${minutes} min`;
  }
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / (24 * 60))} d`;
}
