import { createHash } from 'node:crypto';
import type { Root } from '../roots/find-roots.js';
import { type FailedPlan, type PlanRun, placeOf, settingsArguments } from './plan-root.js';
import type { PlanCounts } from './read-plan.js';

/** A plan that Terraform Cloud, or what speaks like it, has made and keeps. */
export interface CloudPlan {
  state: 'elsewhere';
  counts: PlanCounts;
  /** The page of its run. */
  url: string;
  /** A hash over what the tool shows of it, whatever the order. */
  structure: string;
  exitCode: number;
}

const DEFAULT_HOST = 'app.terraform.io';

/** Whether the runs of a root may be elsewhere: of a `cloud` block, or of the older backend `remote`. */
export function mayRunInCloud({ state }: Root): boolean {
  return state?.type === 'cloud' || state?.type === 'remote';
}

/**
 * Plans a root where its runs are: there the plan is made, shown and kept, so of it only numbers and the address come back. It is a
 * speculative run, which nobody can apply.
 *
 * @returns `undefined` where only its state is elsewhere, and runs are here
 */
export async function planInCloud(root: Root, run: PlanRun): Promise<CloudPlan | FailedPlan | undefined> {
  const at = placeOf(root, run, run.checkout);
  const { init, plan } = settingsArguments(root);
  const started = await run.tool.run(['init', '-input=false', '-no-color', '-lockfile=readonly', ...init], at);
  if (started.exitCode !== 0) {
    return undefined; // Where it is planned as any other, that is told.
  }
  const words = ['plan', '-input=false', '-no-color', '-lock=false', '-detailed-exitcode', ...plan, ...run.args];
  const { exitCode, stdout } = await run.tool.run(words, at);
  const url = runUrl(stdout, hostOf(root, run.environment.env));
  if (url === undefined) {
    return undefined;
  }
  if (exitCode !== 0 && exitCode !== 2) {
    // Nobody knows which values in its words are secret.
    return { state: 'failed', problem: `It failed there: ${url}`, exitCode };
  }
  const shown = stdout.split('\n').filter((line) => !line.includes(url));
  const structure = createHash('sha256')
    .update([...new Set(shown)].sort().join('\n'))
    .digest('hex');
  return { state: 'elsewhere', counts: countsIn(stdout), url, structure, exitCode };
}

function hostOf({ state }: Root, env: Record<string, string>): string {
  return state?.settings.hostname ?? env.TF_CLOUD_HOSTNAME ?? DEFAULT_HOST;
}

/** The page of the run as the tool says it before it shows what the run does, which may name any other. */
function runUrl(stdout: string, host: string): string | undefined {
  const [, url, of] = /^(https:\/\/([^/\s]+)\/app\/[\w-]+\/[\w-]+\/runs\/run-\w+)\s*$/m.exec(stdout) ?? [];
  return of === host ? url : undefined;
}

/** What the last line of a plan says. What is replaced is among what is added and destroyed. */
function countsIn(stdout: string): PlanCounts {
  const lines = stdout.split('\n').filter((line) => line.startsWith('Plan: '));
  const last = lines.at(-1) ?? '';
  const count = (what: string) => Number(new RegExp(`\\b(\\d{1,9}) to ${what}\\b`).exec(last)?.[1] ?? 0);
  const outputs = stdout.includes('\nChanges to Outputs:') ? 1 : 0;
  return {
    ...{ add: count('add'), change: count('change'), replace: 0, destroy: count('destroy'), forget: count('forget') },
    ...{ move: 0, import: count('import'), outputs, deposed: 0 },
  };
}
