import { applyMarkdown, resultTitle } from '../../infra/apply/apply-markdown.js';
import { isDone } from '../../infra/apply/apply-report.js';
import { rootsToApply } from '../../infra/apply/apply-roots.js';
import type { AppliedRoot } from '../../infra/apply/root-outcome.js';
import type { RootsOfChange } from '../../infra/roots/roots-of-change.js';
import { code, details, plain } from '../../report/markdown.js';

/** The job summary of applies. */
export function summaryMarkdown(applied: readonly AppliedRoot[], reason: string, opened: string | undefined): string {
  if (opened !== undefined) {
    return `## Apply\n\nThe lock ${code(opened)} was opened. Nothing was applied.`;
  }
  if (applied.length === 0) {
    return `## Apply\n\nNo root changes: ${plain(reason)}.`;
  }
  const parts = applied.flatMap(({ report, text }) => [
    applyMarkdown(report),
    ...(text === '' ? [] : [details(`The plan of ${report.root} at the merged commit`, text)]),
  ]);
  return ['## Apply', ...parts].join('\n\n');
}

/** The output `roots`, in the order in which they are applied. */
export function rootsJson(of: RootsOfChange, only: readonly string[] | undefined): string {
  return JSON.stringify(
    rootsToApply(of, only).map(({ root, because }) => ({
      ...{ root: root.name, folder: root.folder, environment: root.settings.environment ?? '', because },
    })),
  );
}

/** The output `applied`. */
export function appliedJson(applied: readonly AppliedRoot[]): string {
  return JSON.stringify(
    applied.map(({ report: { root, result, why, plan, pull, did, lock, start } }) => ({
      ...{ root, result, why, plan, pull: pull ?? null, did: did ?? null, lock: lock ?? null, start },
    })),
  );
}

/** Why the step fails, a sentence a root. */
export function failuresOf(applied: readonly AppliedRoot[]): string[] {
  return applied.flatMap(({ report }) =>
    isDone(report) || report.result === 'overtaken'
      ? []
      : [`${report.root} ${resultTitle(report)}. ${report.why} ${report.problem.split('\n', 1)[0] ?? ''}`.trim()],
  );
}
