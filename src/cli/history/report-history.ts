/** What `ostack history` tells, as text. Pure. */
import type { PlanDifference } from '../../infra/history/compare-plans.js';
import type { HistoryEntry, PlanRecord, Step } from '../../infra/history/entries.js';
import { isTouched, type Verdict } from '../../infra/history/verify-plan.js';
import { utc } from '../../report/time.js';
import { visible, visibleLine } from '../../report/visible.js';

/** A plan with all that is known of it. */
export interface ShownPlan {
  entry: HistoryEntry;
  record: PlanRecord;
  /** `undefined` where it was not compared with git. */
  verdict: Verdict | undefined;
  steps: readonly (readonly [Step, unknown])[];
}

/** A line a plan. @param more how many are not shown */
export function listLines(
  shown: readonly { entry: HistoryEntry; verdict: Verdict | undefined }[],
  vanished: readonly string[],
  more: number,
): string[] {
  const lines = shown.map(({ entry: { prefix, at, steps }, verdict }) => {
    const words = [utc(at), nameOf(prefix), ...(steps.length === 0 ? [] : [steps.join(', ')]), verdictText(verdict)];
    return `${isTouched(verdict) ? '✗' : '·'} ${words.join('  ')}`;
  });
  return [
    ...(lines.length === 0 ? ['There is no plan.'] : lines),
    ...(more > 0 ? [`and ${more} more: say --most.`] : []),
    ...vanished.map(
      (prefix) => `✗ ${nameOf(prefix)} is gone: git has its hash, and nobody said that it is kept no longer.`,
    ),
  ];
}

function nameOf(prefix: string): string {
  return visibleLine(prefix.replace(/^plans\//, ''));
}

function verdictText(verdict: Verdict | undefined): string {
  if (verdict === undefined) {
    return 'not compared with git';
  }
  return isTouched(verdict)
    ? `${verdict.state.toUpperCase()}: ${visibleLine(verdict.key)} is not what git has the hash of`
    : verdict.state;
}

/** Everything about a plan. @param text what the tool showed; `undefined` without a key to read it */
export function showLines({ entry, record, verdict, steps }: ShownPlan, text: string | undefined): string[] {
  const { root, commit, tool, pull, run, planSha256 } = record;
  return [
    `${nameOf(entry.prefix)}: ${verdictText(verdict)}`,
    `Root ${visibleLine(root)} at ${commit}, planned ${utc(entry.at)} by ${visibleLine(tool)}`,
    ...(pull === undefined ? [] : [`Pull request #${pull}`]),
    ...(run === undefined ? [] : [`Run ${visibleLine(run)}`]),
    `Plan ${planSha256}`,
    ...steps.map(([step, facts]) => `${step}: ${visibleLine(JSON.stringify(facts) ?? 'nothing')}`),
    ...(text === undefined
      ? ['Its text is encrypted: say --identity with the file of the key.']
      : ['', ...visible(text).split('\n')]),
  ];
}

/** What the second of two plans does otherwise. */
export function differenceLines(differences: readonly PlanDifference[]): string[] {
  return differences.length === 0
    ? ['Both do the same. Secrets are kept out of what is compared.']
    : differences.map(
        ({ at, what, detail }) => `${visibleLine(at)}: ${what}${detail === '' ? '' : `, ${visibleLine(detail)}`}`,
      );
}

/** What is deleted. */
export function retainLines(over: readonly HistoryEntry[], yes: boolean): string[] {
  const lines = over.map(
    ({ prefix, isWhole }) =>
      `${yes ? 'Deleted' : 'Would delete'} ${nameOf(prefix)}${isWhole ? '' : ', which was never finished'}`,
  );
  return lines.length === 0 ? ['Nothing to delete.'] : [...lines, ...(yes ? [] : ['Nothing was done: say --yes.'])];
}
