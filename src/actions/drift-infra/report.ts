import { differenceMarkdown } from '../../infra/drift/drift-issue.js';
import { code, fenced, link } from '../../report/markdown.js';
import type { DriftOutcome } from './run.js';

/** Most differences of a root that the summary has. */
const MOST_LINES = 100;

/**
 * The job summary.
 *
 * @param gone roots that are there no more, whose issues were closed
 * @param page of the repository
 */
export function driftMarkdown(outcomes: readonly DriftOutcome[], gone: readonly string[], page: string): string {
  const parts = outcomes.map((outcome) => {
    if ('failed' in outcome) {
      return `### ${code(outcome.root)}\n\nIt could not be looked at.\n\n${fenced('', outcome.failed)}`;
    }
    const { looked, write, issue } = outcome;
    const lines = write.open.slice(0, MOST_LINES).map((each) => `- ${differenceMarkdown(each)}`);
    const more = write.open.length - lines.length;
    return [
      `### ${code(looked.root)}`,
      lines.length === 0
        ? 'Nothing differs that nobody expects.'
        : [...lines, ...(more === 0 ? [] : [`- and ${more} more`])].join('\n'),
      ...(write.expected === 0 ? [] : [`Expected: ${write.expected}.`]),
      ...(issue === undefined ? [] : [`Issue: ${link(`#${issue}`, `${page}/issues/${issue}`)}.`]),
      ...(looked.problem === ''
        ? []
        : ['What the default branch would still change could not be planned.', fenced('', looked.problem)]),
    ].join('\n\n');
  });
  const closed = gone.map((root) => `${code(root)} is there no more, and its issue is closed.`);
  return ['## Drift', ...(parts.length === 0 ? ['There is no root to look at.'] : parts), ...closed].join('\n\n');
}

/** The output `drift`. */
export function driftJson(outcomes: readonly DriftOutcome[]): string {
  return JSON.stringify(
    outcomes.map((outcome) => {
      if ('failed' in outcome) {
        return { root: outcome.root, state: 'failed' };
      }
      const { looked, write, issue } = outcome;
      const count = (of: 'outside' | 'code') => write.open.filter((each) => each.of === of).length;
      return {
        ...{ root: looked.root, state: looked.problem === '' ? 'seen' : 'half seen', issue: issue ?? null },
        ...{ outside: count('outside'), notApplied: count('code'), expected: write.expected },
        lost: write.open.filter(({ loss }) => loss !== undefined).length,
      };
    }),
  );
}

/** Whether anything differs that nobody expects. */
export function hasDrifted(outcomes: readonly DriftOutcome[]): boolean {
  return outcomes.some((outcome) => !('failed' in outcome) && outcome.write.open.length > 0);
}

/** Why the step fails, one sentence a root; drift alone is no failure. */
export function failuresOf(outcomes: readonly DriftOutcome[]): string[] {
  return outcomes.flatMap((outcome) => {
    const [root, problem] =
      'failed' in outcome ? [outcome.root, outcome.failed] : [outcome.looked.root, outcome.looked.problem];
    return problem === '' ? [] : [`${root} could not be looked at. ${problem.trim().split('\n', 1)[0] ?? ''}`];
  });
}
