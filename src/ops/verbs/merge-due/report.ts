import { cutMarkdown } from '../../../report/cut.js';
import { link, plain, table } from '../../../report/markdown.js';
import { isoSeconds } from '../../../report/time.js';
import type { MergeDueReport } from './merge-due.js';
import type { PlannedMerge } from './plan-merges.js';

/** What became of one pull request, for programs. */
export interface DueOutput {
  number: number;
  head: string;
  state: 'merged' | 'handed over' | 'waits';
  /** Commit that it was merged as. */
  commit: string | null;
  reason: string | null;
  /** When it passes by itself. */
  until: string | null;
}

/** Everything that is to be merged, what was merged first. */
export function dueOutputs({ merged, handedOver, open }: MergeDueReport): DueOutput[] {
  const none = { commit: null, reason: null, until: null };
  const known = new Set([...merged.map(({ pull }) => pull), ...handedOver].map(({ number }) => number));
  const rest = open.filter(({ pull }) => !known.has(pull.number));
  return [
    ...merged.map(({ pull: { number, head }, commit, past }) => ({
      ...{ ...none, number, head, state: 'merged' as const, commit, reason: past ?? null },
    })),
    ...handedOver.map(({ number, head }) => ({ ...none, number, head, state: 'handed over' as const })),
    ...rest.map((planned) => ({
      ...{ number: planned.pull.number, head: planned.pull.head, commit: null },
      ...{ state: planned.step.do === 'leave' ? ('handed over' as const) : ('waits' as const) },
      ...{ reason: reasonOf(planned), until: untilOf(planned) },
    })),
  ];
}

function reasonOf({ step }: PlannedMerge): string {
  return 'reason' in step ? step.reason : 'the next run merges it';
}

function untilOf({ step }: PlannedMerge): string | null {
  return step.do === 'wait' && step.until !== undefined ? isoSeconds(step.until) : null;
}

/** The run's summary, Markdown. */
export function dueSummary(report: MergeDueReport, page: string, dryRun: boolean, limitBytes: number): string {
  const rows = dueOutputs(report).map(({ number, state, commit, reason, until }) => [
    link(`#${number}`, `${page}/pull/${number}`),
    state === 'merged' ? '✅ merged' : state === 'handed over' ? '➡️ GitHub merges it' : '⏳ waits',
    [commit === null ? '' : link(commit.slice(0, 7), `${page}/commit/${commit}`), plain(reason ?? '')].join(' ').trim(),
    until ?? '',
  ]);
  const list =
    rows.length === 0
      ? 'No open pull request has the label `ostack/merge-when-allowed`.'
      : table(['pull request', '', 'why', 'until'], rows);
  const sentences = [...followUpsSaid(report, dryRun), ...report.notes].map((each) => `- ${plain(each)}`).join('\n');
  const level = report.gated ? 'guarded' : 'advice';
  const title = dryRun ? '## Merge what is due (dry run)' : '## Merge what is due';
  return cutMarkdown(`${title}\n\nLevel: *${level}*.\n\n${list}\n\n${sentences}\n`.trimEnd().concat('\n'), limitBytes);
}

function followUpsSaid({ merged, followUps: { started, cannot } }: MergeDueReport, dryRun: boolean): string[] {
  const what = `${started.join(', ')}, because a push of a workflow's token starts nothing.`;
  const isTold = cannot.length > 0 && (merged.length > 0 || started.length > 0);
  return [
    ...(started.length === 0 ? [] : [dryRun ? `It would start ${what}` : `Started ${what}`]),
    ...(isTold
      ? [
          `Not started, though they react to a push: ${cannot.join(', ')}. Give them "workflow_dispatch" without required inputs.`,
        ]
      : []),
  ];
}
