import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { comparePlans, type PlanDifference } from '../history/compare-plans.js';
import { folderOf } from '../history/entries.js';
import { deedsBeyond } from '../history/plan-structure.js';
import { readPart, readRecord } from '../history/read-plan.js';
import { hiddenIn, type MadePlan, type PlanRun, placeOf } from '../plan/plan-root.js';
import { redactedJson } from '../redact/redacted-json.js';
import { redactorOf } from '../redact/redactor.js';
import { sensitiveValues } from '../redact/sensitive-values.js';
import { planName } from '../report/plan-markdown.js';
import type { PlanProof } from '../report/root-report.js';
import type { Root } from '../roots/find-roots.js';
import { printedJson } from '../tool/json-output.js';
import type { ApplyHistory } from './apply-history.js';
import type { Reviewed } from './decide-apply.js';
import type { ReviewedPlan } from './reviewed-plans.js';
import { isEncryptedPlan, partsMoved, readSavedPlan } from './saved-plan.js';

/** The plan of the merged commit, and what tells it apart. */
export interface FreshPlan {
  plan: MadePlan;
  proof: PlanProof;
}

/** How what was reviewed stands to the plan of the merged commit. */
export interface ComparedReview extends Pick<Reviewed, 'beyond' | 'isWhole' | 'moved'> {
  /** Whether the reviewed plan itself is there, and all that is in it can be compared. */
  isThere: boolean;
}

/**
 * Compares the plan that was reviewed with that of the merged commit: all of it, where it lies in the space; else its hashes, in which
 * what is sensitive does not count.
 *
 * @param secrets keys of age that open it
 * @throws Error where what the space has is another root's, another pull request's, or was changed
 */
export async function compareReviewed(
  root: Root,
  { plan, proof: fresh }: FreshPlan,
  { pull, proof }: ReviewedPlan,
  run: PlanRun,
  from: { history: ApplyHistory; identity: string } | undefined,
): Promise<ComparedReview> {
  const moved = madeOfMoved(fresh, proof);
  const byHashes: ComparedReview = {
    beyond: beyondHashes(fresh.structure, () => redactedJson(plan.json, plan.redactor), proof),
    ...{ isWhole: proof.structure === fresh.structure, moved, isThere: false },
  };
  if (proof.kept === undefined || from === undefined) {
    return byHashes;
  }
  const { prefix, recordSha256 } = proof.kept;
  const record = await readRecord(from.history.space, prefix, recordSha256);
  if (!prefix.startsWith(folderOf(root.name)) || record.root !== root.name || record.pull !== pull.number) {
    throw new Error(
      `${prefix} is the plan of ${record.root} in #${record.pull ?? '?'}, expected that of ${root.name} in #${pull.number}.`,
    );
  }
  const bytes = await readPart(from.history.space, prefix, record, 'plan', from.identity);
  const file = join(run.scratch, 'reviewed');
  await writeFile(file, bytes, { mode: 0o600 });
  const shown = await run.tool.run(['show', '-no-color', '-json', file], placeOf(root, run, run.checkout));
  const json = shown.exitCode === 0 ? printedJson(shown.stdout) : undefined;
  if (json === undefined) {
    return byHashes;
  }
  const { secretOutputs } = hiddenIn(root, run.roots);
  const marked = [json, plan.json].flatMap((each) => sensitiveValues(each, secretOutputs));
  const { redact } = redactorOf([...run.environment.secrets, ...marked]);
  const differences = comparePlans(json, plan.json);
  const own = await readFile(plan.file);
  const isClosed = [bytes, own].some(isEncryptedPlan);
  const isSameInput = JSON.stringify(variablesOf(json)) === JSON.stringify(variablesOf(plan.json));
  return {
    beyond: differences.filter(({ what }) => what !== 'only in the first').map((each) => redact(lineOf(each))),
    isWhole: differences.length === 0,
    moved: [
      ...moved,
      ...(isClosed ? [] : partsMoved(readSavedPlan(bytes), readSavedPlan(own)).map(redact)),
      ...(isSameInput ? [] : ['variables']),
    ],
    // What it is made of is compared before it is applied. The new plan is, where it does the same.
    isThere: !isClosed,
  };
}

function lineOf({ at, what, detail }: PlanDifference): string {
  return what === 'otherwise' ? `${at} otherwise: ${detail}` : `${at}: ${detail}`;
}

function variablesOf(json: unknown): unknown {
  return typeof json === 'object' && json !== null ? Reflect.get(json, 'variables') : undefined;
}

/** What a plan is made of and the reviewed one was not: parts of a sentence. */
export function madeOfMoved(fresh: Pick<PlanProof, 'inputs' | 'tool'>, proof: PlanProof): string[] {
  return [
    ...(proof.inputs === fresh.inputs ? [] : ['files that it is made of']),
    ...(proof.tool === fresh.tool ? [] : [`the tool (${proof.tool}, now ${fresh.tool})`]),
  ];
}

/**
 * What a plan does and the reviewed one did not, by hashes alone. Where nobody knows each thing that both do, nothing less than the
 * same is known to be a part of it.
 *
 * @param structure what the plan is called
 * @param readJson its JSON without secrets; `undefined` where nobody can read that
 */
export function beyondHashes(
  structure: string,
  readJson: () => unknown,
  reviewed: Pick<PlanProof, 'structure' | 'deeds'>,
): string[] {
  if (structure === reviewed.structure) {
    return [];
  }
  const json = reviewed.deeds === undefined ? undefined : readJson();
  return reviewed.deeds === undefined || json === undefined
    ? [`the plan ${planName(structure)}, and ${planName(reviewed.structure)} was reviewed`]
    : deedsBeyond(json, reviewed.deeds);
}
