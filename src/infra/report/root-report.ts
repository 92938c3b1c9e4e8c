import * as v from 'valibot';
import { shortLine } from '../../report/short-line.js';
import type { Loss } from '../plan/losses.js';
import type { CloudPlan } from '../plan/plan-in-cloud.js';
import type { FailedPlan, MadePlan } from '../plan/plan-root.js';
import type { PlanCounts, PlannedChange } from '../plan/read-plan.js';
import type { AffectedRoot } from '../roots/affected-roots.js';
import { hiddenJson, readHiddenJson } from './hidden-json.js';

const text = v.string();
const texts = v.array(text);
const number = v.number();

const countsSchema = v.object({
  ...{ add: number, change: number, replace: number, destroy: number, forget: number },
  ...{ move: number, import: number, outputs: number, deposed: number },
});

const NO_COUNTS: PlanCounts = {
  ...{ add: 0, change: 0, replace: 0, destroy: 0, forget: 0 },
  ...{ move: 0, import: 0, outputs: 0, deposed: 0 },
};

const lossSchema = v.object({
  address: text,
  action: v.picklist(['replace', 'destroy']),
  why: v.picklist(['stateful', 'unprotected']),
});

/** What tells a plan apart from others, when it is to be applied. No value is in it. */
const proofSchema = v.object({
  /** Over what it does, without secrets: the hash that an approval is of. In hexadecimal. */
  structure: text,
  /** A hash of each thing that it does; missing where these are too many for a check run. */
  deeds: v.optional(texts),
  /** Over what the root is made of at the commit that was planned. */
  inputs: text,
  /** `OpenTofu 1.12.6`. */
  tool: text,
  /** Since when this head has been planned like this without a break. */
  since: v.pipe(text, v.isoTimestamp()),
  /** Where it is kept, with the hash of its record; missing without a space. */
  kept: v.optional(v.object({ prefix: text, recordSha256: text })),
});
export type PlanProof = v.InferOutput<typeof proofSchema>;

const reportSchema = v.object({
  root: text,
  state: v.picklist(['planned', 'failed', 'refused', 'checked']),
  counts: countsSchema,
  losses: v.array(lossSchema),
  /** How many there are, for a check run keeps the first of them alone. */
  lossCount: number,
  /** Addresses that are destroyed, replaced or forgotten and are no losses, each with what becomes of it. */
  destroys: v.array(v.object({ address: text, action: text })),
  outputs: texts,
  /** What is wrong, where nothing was planned. */
  problem: text,
  notes: texts,
  /** Roots that are applied before it. */
  after: texts,
  /** The page of the run that planned it elsewhere; missing where it was planned here. */
  url: v.optional(text),
  /** Whether each thing was read that the run elsewhere destroys, so that there are no other losses. */
  isRead: v.optional(v.boolean()),
  /** Missing where nothing was planned. */
  proof: v.optional(proofSchema),
});

/** What is told of a root. It is kept in the root's check run, so that every job of a matrix can write the whole comment. */
export type RootReport = v.InferOutput<typeof reportSchema>;

/** What a report is made of. */
export interface Reported {
  affected: AffectedRoot;
  plan: MadePlan | FailedPlan;
  losses: readonly Loss[];
  notes: readonly string[];
}

/** Most characters of the tool's words about a failure. */
const MOST_PROBLEM = 8000;

/** The report of a root that was planned, or could not be. */
export function rootReport({ affected, plan, losses, notes }: Reported): RootReport {
  const base = { root: affected.root.name, after: [...affected.after] };
  if (plan.state === 'failed') {
    const problem =
      plan.problem.length > MOST_PROBLEM ? `${plan.problem.slice(0, MOST_PROBLEM).toWellFormed()}…` : plan.problem;
    return { ...base, ...EMPTY, state: 'failed', problem, notes: [...notes] };
  }
  const { counts, changes, outputs } = plan.summary;
  return {
    ...{ ...base, state: 'planned', counts, outputs: outputs.map(shortened), problem: '' },
    ...goneParts(changes, losses),
    notes: [...notes, ...plan.warnings],
  };
}

/** What is lost, and what else is gone. */
function goneParts(
  changes: readonly PlannedChange[],
  losses: readonly Loss[],
): Pick<RootReport, 'losses' | 'lossCount' | 'destroys'> {
  const isLoss = new Set(losses.map(({ address }) => address));
  const destroys = changes.filter(
    ({ address, action }) =>
      !isLoss.has(address) && (action === 'destroy' || action === 'replace' || action === 'forget'),
  );
  return {
    losses: losses.map((loss) => ({ ...loss, address: shortened(loss.address) })),
    lossCount: losses.length,
    destroys: destroys.map(({ address, action }) => ({ address: shortened(address), action })),
  };
}

/** An address as people can read it; a key of `for_each` may have any length. */
function shortened(address: string): string {
  return shortLine(address, 300);
}

const EMPTY = { counts: NO_COUNTS, losses: [], lossCount: 0, destroys: [], outputs: [] };

/** The report of a root that is not planned, for what the change does to it is refused. */
export function refusedReport(root: string, problem: string): RootReport {
  return { root, ...EMPTY, state: 'refused', problem, notes: [], after: [] };
}

/**
 * The report of a root that was planned elsewhere, which has what else is to know.
 *
 * @param losses of what is known to be gone
 */
export function cloudReport(
  { root, after }: AffectedRoot,
  { counts, gone, run: { url } }: CloudPlan,
  losses: readonly Loss[],
  proof: PlanProof,
  notes: readonly string[],
): RootReport {
  const isUntold = gone === undefined && counts.destroy + counts.forget > 0;
  const more = isUntold ? ['Its run names what is destroyed or replaced, and whether that keeps data.'] : [];
  const base = { root: root.name, ...EMPTY, state: 'planned' as const, problem: '', after: [...after] };
  const told = gone && { ...goneParts(gone, losses), isRead: true };
  return { ...base, ...told, counts, url, proof, notes: [...notes, ...more] };
}

/** The report of a root that is deleted, and may be. */
export function goneReport(root: string): RootReport {
  const notes = ['It is deleted, and its state owns nothing.'];
  return { root, ...EMPTY, state: 'planned', problem: '', notes, after: [] };
}

/** Most entries of each list that a report keeps. */
const MOST_KEPT = 200;

/** Begins the hidden line of a check run that keeps a report. */
const KEPT = '<!-- ostack:plan ';

/** A report as a hidden line. */
export function keptReport(report: RootReport): string {
  const short: RootReport = {
    ...report,
    losses: report.losses.slice(0, MOST_KEPT),
    ...{ destroys: report.destroys.slice(0, MOST_KEPT), outputs: report.outputs.slice(0, MOST_KEPT) },
    notes: report.notes.slice(0, MOST_KEPT),
  };
  return hiddenJson(KEPT, short);
}

/** The report that a text keeps; nothing where it keeps none. */
export function readKeptReport(markdown: string): RootReport | undefined {
  return readHiddenJson(KEPT, markdown, reportSchema);
}
