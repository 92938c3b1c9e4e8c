import * as v from 'valibot';
import { hiddenJson, readHiddenJson } from '../report/hidden-json.js';
import type { OpenStart } from './decide-apply.js';

const text = v.string();

/** What became of a root: `running` for ever where it was killed; `overtaken` where a newer commit's run applies it. */
const RESULTS = [
  ...(['running', 'applied', 'nothing', 'failed'] as const),
  ...(['interrupted', 'locked', 'asks', 'waits', 'overtaken'] as const),
];
export type ApplyResult = (typeof RESULTS)[number];

const lockSchema = v.object({ id: text, who: text, operation: text, created: text });

/** Who holds the lock of a state, as the backend tells it. */
export type StateLock = v.InferOutput<typeof lockSchema>;

const reportSchema = v.object({
  root: text,
  result: v.picklist(RESULTS),
  /** Why, sentences without secrets. */
  why: text,
  /** The tool's words about a failure, without secrets. */
  problem: text,
  /** What it would do beyond what was reviewed, lines. */
  beyond: v.array(text),
  /** What the plan of the merged commit is called; empty where there is none. */
  plan: text,
  /** The pull request whose plan it was. */
  pull: v.optional(v.number()),
  /** Who approved it. */
  approved: v.array(text),
  /** How many things were added, changed, imported and destroyed; missing where the tool does not say. */
  did: v.optional(v.object({ add: v.number(), change: v.number(), import: v.number(), remove: v.number() })),
  lock: v.optional(lockSchema),
  /** By this a start is named while it has no end. */
  start: text,
  /** When and by whom that was, a part of a sentence; missing where it is this run's. */
  began: v.optional(text),
  /** The key in the space of the state that could not be written. */
  errored: v.optional(text),
  /** The page of its run where runs are elsewhere. */
  url: v.optional(text),
  /** Address of the run, when, and who started it. */
  ...{ run: text, at: text, by: text },
});

/** What is told of the apply of a root. It is kept in a check run, as plans are. */
export type ApplyReport = v.InferOutput<typeof reportSchema>;

const MARK = '<!-- ostack:apply ';
/** Most lines of what goes beyond a review, and characters of the tool's words, that a report keeps. */
const [MOST_LINES, MOST_WORDS] = [100, 8000];

/** A report as a line that is not shown. */
export function keptApply(report: ApplyReport): string {
  const { beyond, problem } = report;
  const words = problem.length > MOST_WORDS ? `${problem.slice(0, MOST_WORDS).toWellFormed()}…` : problem;
  return hiddenJson(MARK, { ...report, beyond: beyond.slice(0, MOST_LINES), problem: words });
}

/** The report that a text keeps; nothing where it keeps none. */
export function readKeptApply(markdown: string): ApplyReport | undefined {
  return readHiddenJson(MARK, markdown, reportSchema);
}

/** Whether nothing is left to do about a root. */
export function isDone({ result }: Pick<ApplyReport, 'result'>): boolean {
  return result === 'applied' || result === 'nothing';
}

/** When, by whom and in which run something was started: a part of a sentence. */
export function toldStart({ at, by, run }: Pick<ApplyReport, 'at' | 'by' | 'run'>): string {
  return `at ${at} by ${by}${run === '' ? '' : ` (${run})`}`;
}

/**
 * The start that a check run tells and that has no end: whatever came of runs in between has not ended it. Those of plans in a space
 * are told there.
 */
export function openStart(report: ApplyReport | undefined): OpenStart | undefined {
  return report === undefined || isDone(report) || report.start === '' || report.start.startsWith('plans/')
    ? undefined
    : { name: report.start, told: report.began ?? toldStart(report) };
}
