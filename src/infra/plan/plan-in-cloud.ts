import { createHash } from 'node:crypto';
import { redactorOf } from '../redact/redactor.js';
import type { Root } from '../roots/find-roots.js';
import { type CloudRun, runAt, showRun } from './cloud-run.js';
import { goneInText } from './gone-in-text.js';
import { type FailedPlan, knownSecrets, type PlanRun, placeOf, settingsArguments } from './plan-root.js';
import type { PlanCounts, PlannedChange } from './read-plan.js';

/** A plan that Terraform Cloud, or what speaks like it, has made and keeps. */
export interface CloudPlan {
  state: 'elsewhere';
  counts: PlanCounts;
  run: CloudRun;
  /** A hash over what people are shown of it; where the run is not shown, over what it prints, whatever the order. */
  structure: string;
  isShown: boolean;
  /** What it destroys or replaces; `undefined` where nobody here can tell. */
  gone: readonly PlannedChange[] | undefined;
  exitCode: number;
}

const DEFAULT_HOST = 'app.terraform.io';

/** Whether the runs of a root may be elsewhere: of a `cloud` block, or of the older backend `remote`. */
export function mayRunInCloud({ state }: Root): boolean {
  return state?.type === 'cloud' || state?.type === 'remote';
}

/** Initializes a root whose runs may be elsewhere. @returns whether that went well */
export async function initInCloud(root: Root, run: PlanRun): Promise<boolean> {
  const words = ['init', '-input=false', '-no-color', '-lockfile=readonly', ...settingsArguments(root).init];
  return (await run.tool.run(words, placeOf(root, run, run.checkout))).exitCode === 0;
}

/**
 * Plans a root where its runs are: there the plan is made, shown and kept, so of it only numbers and the address come back.
 *
 * @param out the file that names a run which can be applied; without it, the run is a speculative one, which nobody can apply
 * @returns `undefined` where only its state is elsewhere, and runs are here
 */
export async function planInCloud(root: Root, run: PlanRun, out?: string): Promise<CloudPlan | FailedPlan | undefined> {
  if (run.isReady !== true && !(await initInCloud(root, run))) {
    return undefined; // Where it is planned as any other, that is told.
  }
  const words = ['plan', '-input=false', '-no-color', '-lock=false', '-detailed-exitcode'];
  const { exitCode, stdout } = await run.tool.run(
    [...words, ...(out === undefined ? [] : [`-out=${out}`]), ...settingsArguments(root).plan, ...run.args],
    placeOf(root, run, run.checkout),
  );
  const url = runUrl(stdout, hostOf(root, run.environment.env));
  const there = url === undefined ? undefined : runAt(url);
  if (url === undefined || there === undefined) {
    return undefined;
  }
  if (exitCode !== 0 && exitCode !== 2) {
    // Nobody knows which values in its words are secret.
    return { state: 'failed', problem: `It failed there: ${url}`, exitCode };
  }
  const counts = countsIn(stdout);
  const shown = await showRun(root, run, there);
  const structure = createHash('sha256')
    .update(shown?.text ?? printed(stdout, url))
    .digest('hex');
  const { redact } = redactorOf(await knownSecrets(root, run));
  const gone = shown && goneInText(shown.text, counts.destroy);
  const replace = gone?.filter(({ action }) => action === 'replace').length ?? 0;
  return {
    state: 'elsewhere',
    counts: { ...counts, add: counts.add - replace, destroy: counts.destroy - replace, replace },
    run: there,
    structure,
    isShown: shown !== undefined,
    gone: gone?.map((each) => ({ ...each, address: redact(each.address), type: redact(each.type) })),
    exitCode,
  };
}

/** What a run prints, of which neither the order nor its own address is the plan's. */
function printed(stdout: string, url: string): string {
  return [...new Set(stdout.split('\n').filter((line) => !line.includes(url)))].sort().join('\n');
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
