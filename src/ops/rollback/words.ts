import { code, details, fenced, link, plain } from '../../report/markdown.js';
import { cutToBytes } from '../../report/summary.js';
import type { CommitMessage } from '../change.js';
import { unifiedDiff } from '../diff.js';
import type { PlannedChange } from '../propose/proposal.js';
import { formatTrailers } from '../trailers.js';
import { type Goal, ROLLBACK } from './goal.js';
import type { Wish } from './plan.js';

/** `Roll back my-app to 1.4.0 in staging`. */
export function titleOf({ environment, goals }: Pick<Wish, 'environment' | 'goals'>): string {
  const names = goals.map(({ app, version }) => `${app} to ${version}`);
  return `Roll back ${names.join(' and ')} in ${environment}`;
}

/** What the pull request is about: versions, digests, and whether it holds them. */
export function keyOf({ goals, hold }: Wish): string {
  const parts = goals.flatMap(({ app, version, entry }) => [app, version, ...imagesOf({ entry })]);
  return [...parts, hold === undefined ? 'free' : 'held'].join(' ');
}

/** The commit's words. */
export function messageOf(
  { environment, goals }: Wish,
  { by, reason, runUrl }: { by: string; reason: string | undefined; runUrl: string },
): CommitMessage {
  const [first, ...more] = goals;
  const trailers = formatTrailers({
    action: ROLLBACK,
    environment,
    app: first?.app ?? '',
    version: first?.version ?? '',
    more: more.map(({ app, version }) => ({ app, version })),
    images: goals.flatMap(imagesOf),
    source: undefined,
    from: goals.map(({ from }) => from).join(', '),
    reason,
    by,
    run: runUrl,
  });
  return { headline: titleOf({ environment, goals }), body: trailers };
}

interface Words extends Wish {
  request: { by: string; reason: string | undefined; runUrl: string };
  merges: boolean;
  /** Page of the repository. */
  page: string;
}

/** Our block in the pull request, Markdown. */
export function bodyOf(words: Words, planned: PlannedChange, limit: number): string {
  const { environment, goals, hold, request, merges, page } = words;
  const lines = goals.map(({ app, from, version, entry }) => {
    const { pullRequest, oid, at } = entry;
    const source =
      pullRequest === undefined
        ? link(oid.slice(0, 7), `${page}/commit/${oid}`)
        : link(`#${pullRequest.number}`, pullRequest.url);
    return `Takes **${plain(app)}** in **${plain(environment)}** back from ${code(from)} to ${code(version)}, as it was there from ${at.toISOString()} (${source}).`;
  });
  const why = request.reason === undefined ? '' : `Why: ${plain(request.reason)}`;
  const end = hold?.until === undefined ? 'until the hold is lifted' : `until ${hold.until}`;
  const held =
    hold === undefined ? 'No hold: the next release deploys as usual.' : `Held ${end}: releases leave it alone.`;
  const run = request.runUrl === '' ? '' : ` (${link('run', request.runUrl)})`;
  const by = `Started by ${plain(request.by)}${run}.`;
  const footer = `<sub>${merges ? 'It merges by itself once its checks allow.' : 'It waits for a person to merge it.'} Commits of yours on this branch are kept.</sub>`;
  const head = [...lines, why, held, by].filter((part) => part !== '').join('\n\n');
  const room = Math.max(0, limit - Buffer.byteLength(head) - Buffer.byteLength(footer) - 512);
  const diff = fenced(
    'diff',
    cutToBytes(unifiedDiff(planned.before, planned.change).trimEnd(), Math.min(room, 24_000)),
  );
  return [head, details('Changed lines', diff), footer].join('\n\n');
}

function imagesOf({ entry }: Pick<Goal, 'entry'>): string[] {
  return entry.targets.map((target) =>
    target.kind === 'base'
      ? `${target.repository}//${target.appPath}?ref=${target.gitTag}`
      : `${target.repository}:${target.tag}${target.digest === undefined ? '' : `@${target.digest}`}`,
  );
}
