import type { Connected } from '../../github/connected.js';
import { details, fenced, link, plain } from '../../report/markdown.js';
import { cutToBytes } from '../../report/summary.js';
import { unifiedDiff } from '../diff.js';
import type { Look, Planned, PlannedChange, Proposal, ProposalReport } from '../propose/proposal.js';
import { type ProposeOptions, propose } from '../propose/propose.js';
import { formatTrailers } from '../trailers.js';
import type { TreeReader } from '../tree-reader.js';

/** What every process is told, whatever it does. */
export interface ProcessSettings {
  ops: Connected;
  reason: string | undefined;
  /** Who started it: a login. */
  by: string;
  runUrl: string;
  labels: readonly string[];
  /** Whether the pull request merges by itself. */
  merges: boolean;
  options: ProposeOptions;
}

/** What a process wants, made of one look. */
export interface Process {
  /** `onboard`, `lift`, `override`. */
  verb: string;
  app: string;
  /** What its commits name as environment: `base` where it is about all of them. */
  environment: string;
  /** What its commits name as version. */
  version: string;
  branch: string;
  title: string;
  /** What the pull request is about; its text stays while this does. */
  key: string;
  plan(tree: TreeReader): Promise<Planned>;
  /** What the pull request says above the changed lines, Markdown paragraphs. */
  story(planned: PlannedChange): Promise<string[]> | string[];
}

/**
 * Carries out a process: one pull request in the ops repository.
 *
 * @throws Error when the repository cannot be read or written
 */
export function carryOut(
  settings: ProcessSettings,
  prepare: (look: Look) => Promise<Process>,
): Promise<ProposalReport> {
  return propose(settings.ops, async (look) => [proposalOf(settings, await prepare(look))], settings.options);
}

function proposalOf(settings: ProcessSettings, process: Process): Proposal {
  const { verb, app, environment, version, branch, title, key } = process;
  const { reason, by, runUrl: run, merges, labels } = settings;
  const trailers = { action: verb, environment, app, version, images: [], source: undefined, reason, by, run };
  return {
    verb,
    subject: `${environment}/${app}`,
    branch,
    title,
    key,
    plan: (tree) => process.plan(tree),
    message: () => ({ headline: title, body: formatTrailers(trailers) }),
    body: async (planned, limit) => bodyOf(settings, await process.story(planned), planned, limit),
    isOurs: (found) => found.action === verb && found.environment === environment && found.app === app,
    labels,
    merges,
    mergeReason: '',
  };
}

function bodyOf(
  { reason, by, runUrl, merges }: ProcessSettings,
  story: readonly string[],
  { before, change }: PlannedChange,
  limit: number,
): string {
  const run = runUrl === '' ? '' : ` (${link('run', runUrl)})`;
  const head = [
    ...story,
    reason === undefined ? '' : `Why: ${plain(reason)}`,
    by === '' ? '' : `Started by ${plain(by)}${run}.`,
  ].filter((part) => part !== '');
  const end = merges ? 'It merges by itself once its checks allow.' : 'It waits for a person to merge it.';
  const footer = `<sub>${end} Commits of yours on this branch are kept.</sub>`;
  const room = limit - Buffer.byteLength(head.join('\n\n')) - Buffer.byteLength(footer) - 512;
  const diff = cutToBytes(unifiedDiff(before, change).trimEnd(), Math.max(0, Math.min(room, 24_000)));
  return [...head, details('Changed lines', fenced('diff', diff)), footer].join('\n\n');
}
