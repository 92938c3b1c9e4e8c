import { code, link, plain, table } from '../../../report/markdown.js';
import { codeVersion, shortVersion } from '../../../report/short-version.js';
import { mergeSentence, pullRequestBody } from '../../pull-requests/body.js';
import { type ReleaseNote, renderNotes } from '../../releases/notes.js';
import { type PublishedRelease, reachBackTo, releasesBetween } from '../../releases/releases-between.js';
import type { PullRequest } from '../../repository/pull-request.js';
import { unifiedDiff } from '../../tree/unified-diff.js';
import type { AppBump } from './app-bump.js';
import type { Plan } from './plan.js';
import { type BumpRequest, isChartAlone } from './request.js';

/** An environment that has the app. */
export interface Stage {
  environment: string;
  /** What it has, `null` where nothing tells it. */
  version: string | null;
  /** The pull request that waits there, Markdown; empty where there is none. */
  waiting: string;
}

/** What the body of a bump's pull request says in addition to the bump itself. */
export interface BodyContext {
  request: Pick<BumpRequest, 'runUrl' | 'serverUrl'>;
  /** Releases of the apps repository; `undefined` where they could not be read. */
  releases: readonly PublishedRelease[] | undefined;
  /** All environments that have the app, in their order. */
  stages: readonly Stage[];
  merges: boolean;
}

/**
 * Our part of the text of a bump's pull request, Markdown.
 *
 * @param plan at the default branch; `undefined` where there is none
 * @param limit bytes it may take; release notes give way first
 */
export function bodyOf(bump: AppBump, plan: Plan | undefined, context: BodyContext, limit: number): string {
  const { merges, stages } = context;
  const { version } = bump.target;
  return pullRequestBody(
    {
      head: [
        stagesLine(bump, stages),
        headline(bump, plan),
        imageTable(bump),
        chartTable(bump),
        sourceLine(bump, context),
        (plan?.unproved ?? []).map(plain).join('\n\n'),
      ],
      clusters: undefined,
      diff: plan === undefined ? '' : unifiedDiff(plan.before, plan.change),
      more: (room) => releaseNotes(bump, plan, context, room),
      next: `${mergeSentence(merges)} Closing it keeps ${shortVersion(version)} out; the next version opens a new one.`,
    },
    limit,
  );
}

function headline({ environment, target }: AppBump, plan: Plan | undefined): string {
  const { app, version, charts = [] } = target;
  const previous = plan?.previous ?? null;
  const from = previous === null || previous === version ? '' : ` from ${codeVersion(previous)}`;
  const [chart] = charts;
  if (isChartAlone(target) && chart !== undefined && charts.length === 1) {
    return `Sets chart **${plain(chart.name)}** of **${plain(app)}** in **${plain(environment)}**${from} to ${codeVersion(version)}.`;
  }
  return `Sets **${plain(app)}** in **${plain(environment)}**${from} to ${codeVersion(version)}.`;
}

function imageTable({ target: { images } }: AppBump): string {
  if (images.length === 0) {
    return '';
  }
  const rows = images.map(({ repository, tag, digest }) => [
    code(repository),
    tag === undefined ? '' : code(tag),
    digest === undefined ? '' : code(digest),
  ]);
  return table(['image', 'tag', 'digest'], rows);
}

function chartTable({ target: { charts = [] } }: AppBump): string {
  if (charts.length === 0) {
    return '';
  }
  const rows = charts.map(({ name, version, digest, repository }) => [
    code(name),
    version === undefined ? code(digest ?? '') : code(version),
    repository === undefined ? '' : code(repository),
  ]);
  return table(['chart', 'version', 'from'], rows);
}

function sourceLine({ target: { source } }: AppBump, { request }: BodyContext): string {
  const { repository, sha } = source;
  const commit = link(`${repository}@${sha.slice(0, 7)}`, `${request.serverUrl}/${repository}/commit/${sha}`);
  return request.runUrl === '' ? `From ${commit}.` : `From ${commit}, made by ${link('this run', request.runUrl)}.`;
}

/**
 * The environments of the app in their order, with what each has and what comes next there; nothing where this is the only one.
 * Nobody writes the text again when another environment's pull request is merged, so it says nothing that is wrong then.
 */
function stagesLine({ environment: own }: AppBump, stages: readonly Stage[]): string {
  const parts = stages.map(({ environment, version, waiting }) => {
    const name = environment === own ? `**${plain(environment)}**` : plain(environment);
    const has = version === null ? '' : ` ${codeVersion(version)}`;
    return `${name}${has}${environment === own || waiting === '' ? '' : ` (then ${waiting})`}`;
  });
  return parts.length < 2 ? '' : parts.join(' → ');
}

/**
 * What an environment has of the app, and what waits there.
 *
 * @param open its open pull request
 * @param repository `owner/name` of the ops repository
 */
export function stageOf(
  { environment, target, branch }: AppBump,
  plan: Plan,
  open: PullRequest | undefined,
  { serverUrl }: Pick<BumpRequest, 'serverUrl'>,
  repository: string,
): Stage {
  const query = `q=${encodeURIComponent(`is:pr head:${branch}`)}`;
  const expected = plan.state === 'change' ? link(target.version, `${serverUrl}/${repository}/pulls?${query}`) : '';
  return {
    environment,
    version: plan.previous,
    waiting: open === undefined ? expected : link(`#${open.number}`, open.url),
  };
}

function releaseNotes(
  { target, nameInApps }: AppBump,
  plan: Plan | undefined,
  { request, releases }: BodyContext,
  limit: number,
): string {
  if (isChartAlone(target)) {
    return '';
  }
  const { release, source } = target;
  const previous = plan?.previous ?? null;
  const known = notesOf(target.version, release, nameInApps, previous, releases);
  if (known === undefined) {
    return '_The releases in between could not be read._';
  }
  const isComplete = reachBackTo(previous, releases ?? [], nameInApps, release?.tag);
  const older = isComplete ? undefined : `${request.serverUrl}/${source.repository}/releases`;
  return renderNotes(known, older, limit);
}

/** @returns `undefined` where no release is known: neither its own nor the published ones */
function notesOf(
  version: string,
  release: AppBump['target']['release'],
  nameInApps: string,
  previous: string | null,
  releases: readonly PublishedRelease[] | undefined,
): ReleaseNote[] | undefined {
  if (releases === undefined && release === undefined) {
    return undefined;
  }
  const published = (releases ?? []).filter(({ tag }) => tag !== release?.tag);
  const all = release === undefined ? published : [release, ...published];
  return releasesBetween(all, nameInApps, previous, version, release?.tag).map(({ tag, url, notes }) => {
    return { version: tag, url, notes };
  });
}
