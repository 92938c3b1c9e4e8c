import { setTimeout as sleep } from 'node:timers/promises';
import { explain, isRefusal, isRequestFailure, type Operation } from '../../../../github/errors.js';
import { durationOf } from '../../../../runtime/duration.js';
import { type Probe, runProbe } from '../../../../runtime/probe.js';
import type { ClusterReport, ClusterReports } from './cluster-reports.js';

/** One preview that is waited for. */
export interface AwaitedPreview {
  name: string;
  /** Full id of the commit that it runs. When its record has another one, a newer push has updated it. */
  head: string;
  probes: readonly Probe[];
}

export type WaitStage = 'rolling out' | 'probing';

export type WaitOutcome =
  | { state: 'live' }
  /** For people: one sentence or more, with a full stop. */
  | { state: 'failed'; reason: string }
  /** It has no address, and the cluster reports nothing. */
  | { state: 'unknown' }
  /** It was updated or removed by another run. */
  | { state: 'superseded' };

export interface WaitSettings {
  timeoutMs: number;
  pollMs: number;
  /** Whether the reconciler reports on commits; `undefined` to find out from the commits. */
  notifications: boolean | undefined;
  now?: () => number;
}

/** Where progress is read from and reported to. */
export interface ClusterWatch {
  /** What `readReports` does, for messages. */
  operation: Operation;
  /** @throws a failed request */
  readReports(names: readonly string[]): Promise<ClusterReports>;
  /** Called each time a preview reaches another stage. */
  reached(preview: AwaitedPreview, stage: WaitStage): Promise<void>;
}

interface Progress {
  preview: AwaitedPreview;
  stage: WaitStage | undefined;
  /** What is still missing: one sentence or more, with a full stop. */
  missing: string;
}

/**
 * Waits until previews are live: until the reconciler reports that it has applied their commit or a later one, and then
 * until every address answers as it has to. Where the reconciler reports nothing, the addresses alone decide.
 *
 * @returns the outcome of each preview by name. What is not live in time has failed; so has everything as soon as GitHub
 *   refuses to show the reports
 * @throws what the watch throws, except failed requests
 */
export async function waitUntilLive(
  previews: readonly AwaitedPreview[],
  { timeoutMs, pollMs, notifications, now = Date.now }: WaitSettings,
  watch: ClusterWatch,
): Promise<Map<string, WaitOutcome>> {
  const outcomes = new Map<string, WaitOutcome>();
  const deadline = now() + timeoutMs;
  const all = previews.map((preview): Progress => ({ preview, stage: undefined, missing: 'it was never checked.' }));
  for (;;) {
    const pending = all.filter(({ preview }) => !outcomes.has(preview.name));
    const reports = await readReports(watch, pending);
    if (typeof reports === 'object') {
      await Promise.all(
        pending.map(async (progress) => {
          const outcome = await check(progress, reports, notifications ?? reports.notified, watch);
          if (outcome !== undefined) {
            outcomes.set(progress.preview.name, outcome);
          }
        }),
      );
    }
    const rest = all.filter(({ preview }) => !outcomes.has(preview.name));
    if (rest.length === 0) {
      return outcomes;
    }
    if (reports === 'refused' || now() + pollMs > deadline) {
      const prefix = reports === 'refused' ? '' : `not live after ${durationOf(timeoutMs)}: `;
      for (const { preview, missing } of rest) {
        outcomes.set(preview.name, { state: 'failed', reason: `${prefix}${missing}` });
      }
      return outcomes;
    }
    await sleep(pollMs);
  }
}

/** Reads the reports. A failed request is tried again until the time is over, unless it would always be refused. */
async function readReports(
  watch: ClusterWatch,
  pending: readonly Progress[],
): Promise<ClusterReports | 'failed' | 'refused'> {
  try {
    return await watch.readReports(pending.map(({ preview }) => preview.name));
  } catch (error) {
    if (!isRequestFailure(error)) {
      throw error;
    }
    const explained = explain(error, watch.operation);
    for (const progress of pending) {
      progress.missing = explained instanceof Error ? explained.message : String(explained);
    }
    return isRefusal(error) ? 'refused' : 'failed';
  }
}

/** Checks one preview once. @returns `undefined` while it is neither live nor failed */
async function check(
  progress: Progress,
  reports: ClusterReports,
  notified: boolean,
  watch: ClusterWatch,
): Promise<WaitOutcome | undefined> {
  const { preview } = progress;
  if (reports.heads.get(preview.name) !== preview.head) {
    return { state: 'superseded' };
  }
  const report = reports.byName.get(preview.name);
  if (report?.state === 'failed') {
    return { state: 'failed', reason: `the cluster could not apply it: ${report.description || 'no reason given'}.` };
  }
  if (report === undefined && !notified && preview.probes.length === 0) {
    return { state: 'unknown' };
  }
  const isApplied = report?.state === 'applied' || (report === undefined && !notified);
  const stage = isApplied ? 'probing' : 'rolling out';
  if (progress.stage !== stage) {
    progress.stage = stage;
    await watch.reached(preview, stage);
  }
  if (!isApplied) {
    progress.missing = notApplied(report);
    return undefined;
  }
  const answers = await Promise.all(preview.probes.map(async (probe) => ({ probe, problem: await runProbe(probe) })));
  const wrong = answers.filter(({ problem }) => problem !== undefined);
  progress.missing = `${wrong.map(({ probe, problem }) => `${probe.url} ${problem}`).join('; ')}.`;
  return wrong.length === 0 ? { state: 'live' } : undefined;
}

function notApplied(report: ClusterReport | undefined): string {
  return report === undefined
    ? 'the cluster has not reported on it.'
    : `the cluster has not applied it yet (${report.description || 'pending'}).`;
}
