import { setTimeout as sleep } from 'node:timers/promises';
import { explain, isRefusal, isRequestFailure, type Operation } from '../../../../github/errors.js';
import { durationOf } from '../../../../runtime/duration.js';
import type { Awaited, Report, Reports } from './cluster-reports.js';
import { ask, type Probe } from './probe.js';

/** One preview that is to be seen live. */
export interface Expected extends Awaited {
  /** Commit that it runs; when its record names another one, a newer push took its place. */
  head: string;
  probes: readonly Probe[];
}

/** How far a preview has come. */
export type Stage = 'rolling out' | 'probing';

/** What became of it. */
export type WaitResult =
  | { state: 'live' }
  | { state: 'failed'; reason: string }
  /** It has no address, and nothing reports on it. */
  | { state: 'unseen' }
  /** A newer push, or the end of the pull request, came first. */
  | { state: 'superseded' };

export interface WaitSettings {
  timeoutMs: number;
  pollMs: number;
  /** Whether the reconciler reports on commits; `undefined` to tell from the commits. */
  notifications: boolean | undefined;
  now?: () => number;
}

export interface Watch {
  /** What `reports` does, for people. */
  operation: Operation;
  reports(previews: readonly Awaited[]): Promise<Reports>;
  /** Called each time a preview reaches a stage. */
  reached(preview: Expected, stage: Stage): Promise<void>;
}

interface Progress {
  preview: Expected;
  stage: Stage | undefined;
  /** What it was last seen waiting for. */
  waitsFor: string;
}

/**
 * Waits until previews are live: until the reconciler reports that it applied the commit, or a later one, and then until
 * every address answers as it should. Where the reconciler reports nothing, the addresses alone decide.
 *
 * @returns by preview; whatever is not live when the time is over, or can never be seen live, has failed
 */
export async function waitUntilLive(
  previews: readonly Expected[],
  { timeoutMs, pollMs, notifications, now = Date.now }: WaitSettings,
  watch: Watch,
): Promise<Map<string, WaitResult>> {
  const results = new Map<string, WaitResult>();
  const deadline = now() + timeoutMs;
  const all = previews.map((preview): Progress => ({ preview, stage: undefined, waitsFor: 'nothing was seen of it' }));
  for (;;) {
    const open = all.filter(({ preview }) => !results.has(preview.name));
    const reports = await readOrWait(watch, open);
    if (typeof reports === 'object') {
      await Promise.all(
        open.map(async (progress) => {
          const result = await snapshot(progress, reports, notifications ?? reports.notified, watch);
          if (result !== undefined) {
            results.set(progress.preview.name, result);
          }
        }),
      );
    }
    const rest = all.filter(({ preview }) => !results.has(preview.name));
    if (rest.length === 0) {
      return results;
    }
    if (reports === 'refused' || now() + pollMs > deadline) {
      const after = reports === 'refused' ? '' : `not live after ${durationOf(timeoutMs)}: `;
      for (const { preview, waitsFor } of rest) {
        results.set(preview.name, { state: 'failed', reason: `${after}${waitsFor}` });
      }
      return results;
    }
    await sleep(pollMs);
  }
}

/** A failing request is no reason to give up before the time is over, unless it will be refused for ever. */
async function readOrWait(watch: Watch, open: readonly Progress[]): Promise<Reports | 'failed' | 'refused'> {
  try {
    return await watch.reports(open.map(({ preview }) => preview));
  } catch (error) {
    if (!isRequestFailure(error)) {
      throw error;
    }
    const explained = explain(error, watch.operation);
    for (const progress of open) {
      progress.waitsFor = explained instanceof Error ? explained.message.replace(/\.$/, '') : String(explained);
    }
    return isRefusal(error) ? 'refused' : 'failed';
  }
}

async function snapshot(
  progress: Progress,
  reports: Reports,
  notified: boolean,
  watch: Watch,
): Promise<WaitResult | undefined> {
  const { preview } = progress;
  const text = reports.records.get(preview.name) ?? '';
  if (!new RegExp(`^head: *["']?${preview.head}`, 'm').test(text)) {
    return { state: 'superseded' };
  }
  const report = reports.byName.get(preview.name);
  if (report?.state === 'failed') {
    return { state: 'failed', reason: `the cluster could not apply it: ${report.description || 'no reason given'}` };
  }
  if (report === undefined && !notified && preview.probes.length === 0) {
    return { state: 'unseen' };
  }
  const applied = report?.state === 'applied' || (report === undefined && !notified);
  const stage = applied ? 'probing' : 'rolling out';
  if (progress.stage !== stage) {
    progress.stage = stage;
    await watch.reached(preview, stage);
  }
  if (!applied) {
    progress.waitsFor = notReported(report);
    return undefined;
  }
  const answers = await Promise.all(preview.probes.map(async (probe) => ({ probe, answer: await ask(probe) })));
  const missing = answers.filter(({ answer }) => answer !== undefined);
  progress.waitsFor = missing.map(({ probe, answer }) => `${probe.url} ${answer}`).join('; ');
  return missing.length === 0 ? { state: 'live' } : undefined;
}

function notReported(report: Report | undefined): string {
  return report === undefined
    ? 'the cluster has not reported on it'
    : `the cluster is still at it (${report.description || 'pending'})`;
}
