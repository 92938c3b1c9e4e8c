import type { CheckedVersion } from '../../policy/health.js';
import type { ReadyPolicy, ReadyProbe } from '../../policy/ready-policy.js';
import type { VerifyPolicy } from '../../policy/verify-policy.js';

/** A check that is due of one version. */
export type DueCheck =
  | { do: 'probe'; probe: ReadyProbe }
  /** Look for a run that was begun by a run of ours that was stopped, and start one where there is none. */
  | { do: 'start'; verify: VerifyPolicy; claimed: Date | undefined }
  /** Look how its run went. */
  | { do: 'look'; verify: VerifyPolicy; run: number; state: 'failure' | 'pending' };

/** How long a run that failed is looked at again: somebody may run it anew. */
const LOOK_AGAIN_MS = 24 * 3_600_000;

/** The id of a run in the address of its page. */
const RUN = /\/actions\/runs\/(\d+)(?:$|[/?#])/;

/**
 * What is to be checked of a version: its address once its cluster has reported it, and then the workflow that verifies it, each of
 * them until it succeeds.
 */
export function dueCheck(
  checked: CheckedVersion | undefined,
  { probe }: Pick<ReadyPolicy, 'probe'>,
  verify: VerifyPolicy | undefined,
  now: Date,
): DueCheck | undefined {
  if (checked === undefined) {
    return undefined;
  }
  const { cluster, kept } = checked;
  const known = kept.get('verify');
  const run = Number(RUN.exec(known?.url ?? '')?.[1] ?? 0);
  if (verify !== undefined && known !== undefined && known.state !== 'success' && run > 0) {
    const isOver = known.state === 'failure' && now.getTime() - known.at.getTime() > LOOK_AGAIN_MS;
    return isOver ? undefined : { do: 'look', verify, run, state: known.state };
  }
  if (cluster.state !== 'live') {
    return undefined;
  }
  if (probe !== undefined && kept.get('probe')?.state !== 'success') {
    return { do: 'probe', probe };
  }
  return verify === undefined || known?.state === 'success' || known?.state === 'failure'
    ? undefined
    : { do: 'start', verify, claimed: known?.at };
}

/** What says how a run ended. What was cancelled, or could not start, says nothing of the version: it stays open until it is missed. */
export function verdictOf(run: {
  status: string | null;
  conclusion: string | null;
}): 'success' | 'failure' | 'pending' {
  if (run.status !== 'completed') {
    return 'pending';
  }
  return run.conclusion === 'success' || run.conclusion === 'failure' ? run.conclusion : 'pending';
}

/** What tells the run of one change from all others: `production/web@<commit>`. */
export function changeId({ environment, app, commit }: { environment: string; app: string; commit: string }): string {
  return `${environment}/${app}@${commit}`;
}

/** Whether a run's name says which change it is of. */
export function isRunOf(name: string, id: string): boolean {
  return name.split(/[\s"'()[\],]+/).includes(id);
}

/** The inputs of a workflow, filled in. */
export function filledInputs(
  inputs: VerifyPolicy['inputs'],
  values: Readonly<Record<'environment' | 'app' | 'version' | 'commit' | 'url' | 'change', string>>,
): Record<string, string> {
  const known = new Map(Object.entries(values));
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => known.get(name) ?? whole);
  return Object.fromEntries(Object.entries(inputs).map(([name, text]) => [name, fill(text)]));
}
