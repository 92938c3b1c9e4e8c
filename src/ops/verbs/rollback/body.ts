import { code, link, plain, table } from '../../../report/markdown.js';
import { codeVersion } from '../../../report/short-version.js';
import { utc } from '../../../report/time.js';
import { mergeSentence, pullRequestBody, startedBy, why } from '../../pull-requests/body.js';
import type { PlannedChange } from '../../pull-requests/planned.js';
import type { ClusterChanges } from '../../render/cluster-changes.js';
import type { PullRequest } from '../../repository/pull-request.js';
import type { Goal } from '../../restore/goal.js';
import type { RestoreRequest } from '../../restore/plan-rollback.js';
import { titleOf } from '../../restore/rollback-message.js';
import { unifiedDiff } from '../../tree/unified-diff.js';
/** An open pull request of a release of an app that goes back. */
export interface OpenRelease {
  app: string;
  /** What it proposes. */
  version: string;
  pull: PullRequest;
}

/** A link to a rollback's pull request that holds before it is opened, when it has no number yet: a search by its branch. */
export function linkToProposed(restore: RestoreRequest, branch: string, page: string): string {
  return link(titleOf(restore), `${page}/pulls?q=${encodeURIComponent(`is:pr head:${branch}`)}`);
}

/** What the pull request's text is made of. */
interface BodyInput extends RestoreRequest {
  request: { by: string; reason: string | undefined; runUrl: string };
  merges: boolean;
  waiting: readonly OpenRelease[];
  clusters: ClusterChanges;
  /** Page of the repository. */
  page: string;
}

/** Our block in the pull request, Markdown of at most `limit` bytes. */
export function bodyOf(input: BodyInput, planned: PlannedChange, limit: number): string {
  const { request, merges, clusters } = input;
  const head = [
    headline(input),
    why(request.reason),
    held(input),
    startedBy(request.by, request.runUrl),
    ...(planned.unproved ?? []).map(plain),
  ];
  const diff = unifiedDiff(planned.before, planned.change);
  return pullRequestBody({ head, clusters, diff, next: mergeSentence(merges) }, limit);
}

function headline({ environment, goals, page }: BodyInput): string {
  const there = ({ entry: { pullRequest, oid, at } }: Goal) => {
    const source =
      pullRequest === undefined
        ? link(oid.slice(0, 7), `${page}/commit/${oid}`)
        : link(`#${pullRequest.number}`, pullRequest.url);
    return `since ${utc(at)} with ${source}`;
  };
  const [first] = goals;
  if (first !== undefined && goals.length === 1) {
    const { app, from, version } = first;
    return `Takes **${plain(app)}** in **${plain(environment)}** back from ${codeVersion(from)} to ${codeVersion(version)}, which was there ${there(first)}.`;
  }
  const rows = goals.map((goal) => [`**${plain(goal.app)}**`, code(goal.from), code(goal.version), there(goal)]);
  return `Takes **${goals.length} apps** in **${plain(environment)}** back.\n\n${table(['app', 'from', 'back to', 'which was there'], rows)}`;
}

function held({ environment, goals, hold, waiting }: BodyInput): string {
  if (hold === undefined) {
    return '> [!IMPORTANT]\n> Nothing is held: the next release or promotion replaces it.';
  }
  const names = goals.map(({ app, version }) => `${plain(app)} at ${codeVersion(version)}`).join(', ');
  const pulls = waiting.map(({ version, pull }) => `${link(`#${pull.number}`, pull.url)} (${codeVersion(version)})`);
  const waits = pulls.length === 0 ? '' : ` ${pulls.join(', ')} ${pulls.length === 1 ? 'waits' : 'wait'} until then.`;
  return `**Holds** ${names} in ${plain(environment)} ${endOf(hold)}: releases and promotions leave it alone.${waits}`;
}

/**
 * What a pull request of a release says on top while the app is held.
 *
 * @param proposed link to the rollback's pull request, Markdown, where nothing is held before somebody merges that; the
 *   note stays true when it is
 */
export function holdNote(
  { environment, goals, hold }: RestoreRequest,
  app: string,
  reason: string | undefined,
  proposed?: string,
): string {
  const version = goals.find((goal) => goal.app === app)?.version ?? '';
  const because = reason === undefined ? '' : ` (${plain(reason)})`;
  const [name, where] = [`**${plain(app)}**`, `in **${plain(environment)}** at ${codeVersion(version)}`];
  const held =
    proposed === undefined
      ? `A rollback holds ${name} ${where}`
      : `${name} is held ${where} from when ${proposed} is merged`;
  return [
    '> [!IMPORTANT]',
    `> ${held} ${endOf(hold)}${because}.`,
    '> Leave this open until then: the next release after that updates it.',
  ].join('\n');
}

function endOf(hold: RestoreRequest['hold']): string {
  return hold?.until === undefined ? 'until somebody lifts the hold' : `until ${utc(new Date(hold.until))}`;
}
