import { readFile } from 'node:fs/promises';
import type { Git } from '../../git/git.js';
import { keepPlan, type PlanKept } from '../history/keep-plan.js';
import { structureOf } from '../history/plan-structure.js';
import { redactedJson } from '../redact/redacted-json.js';
import type { PlanProof } from '../report/root-report.js';
import type { Root, Roots } from '../roots/find-roots.js';
import { inputsHash } from '../roots/inputs-hash.js';
import type { Space } from '../space/space.js';
import type { WriteGuard } from '../space/write-guard.js';
import { TOOL_TITLES, type Tool } from '../tool/tool.js';
import type { MadePlan } from './plan-root.js';

/** Where plans are kept. */
export interface PlanSpace {
  space: Space;
  guard: WriteGuard;
  /** Public keys of age. */
  recipients: string;
}

/** Of what a plan is. */
export interface PlanOf {
  git: Git;
  /** The commit that was planned, and its roots. */
  commit: string;
  roots: Roots;
  root: Root;
  tool: Tool;
  args: readonly string[];
  pull: number | undefined;
  runUrl: string;
  at: Date;
}

/** Most things that a plan does whose hashes go into a check run; of one with more, only the hash over all does. */
const MOST_DEEDS = 500;

/** `OpenTofu 1.12.6` */
export function toolTitle({ name, version }: Tool): string {
  return `${TOOL_TITLES[name]} ${version}`;
}

/**
 * What tells a plan apart from others.
 *
 * @param kept where it is kept, if it is
 */
export async function provePlan(plan: MadePlan, of: PlanOf, kept: PlanKept | undefined): Promise<PlanProof> {
  const { sha256, deeds } = structureOf(redactedJson(plan.json, plan.redactor));
  return {
    structure: sha256,
    ...(deeds.length <= MOST_DEEDS && { deeds: [...deeds] }),
    inputs: await inputsHash(of.git, of.commit, of.roots, of.root, of.args),
    tool: toolTitle(of.tool),
    since: of.at.toISOString(),
    ...(kept !== undefined && { kept: { prefix: kept.prefix, recordSha256: kept.recordSha256 } }),
  };
}

/**
 * Keeps a plan that was made: itself, encrypted, and its JSON and text without secrets, encrypted too.
 *
 * @throws Error as `keepPlan` does
 */
export async function keepMadePlan(
  { space, guard, recipients }: PlanSpace,
  plan: MadePlan,
  of: PlanOf,
): Promise<PlanKept> {
  return keepPlan(space, guard, recipients, {
    ...{ root: of.root.name, commit: of.commit, at: of.at, tool: toolTitle(of.tool), pull: of.pull },
    run: of.runUrl === '' ? undefined : of.runUrl,
    ...{
      plan: await readFile(plan.file),
      text: plan.text,
      json: JSON.stringify(redactedJson(plan.json, plan.redactor)),
    },
  });
}
