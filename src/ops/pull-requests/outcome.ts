import { isTooFast } from './content-pace.js';

/** The reason of what a dry run would do. */
export const DRY_RUN = 'dry run';

/** Where something that was to be written stands after one round. */
export type Outcome<R> =
  | { state: 'settled'; result: R }
  | { state: 'failed'; error: Error }
  /** Read and decide again. `result`: what it came to, if nothing more is found. */
  | { state: 'again'; reason: string; result?: R };

/** What happened first is reported, unless a later round found more than that it is still so. */
export function combine<R extends { action: string }>(before: Outcome<R> | undefined, now: Outcome<R>): Outcome<R> {
  const result = before?.state === 'again' ? before.result : undefined;
  if (result === undefined || now.state === 'failed') {
    return now;
  }
  if (now.state === 'again') {
    return { result, ...now };
  }
  return now.result.action === 'unchanged' ? { state: 'settled', result } : now;
}

/** Adds what all rounds came to to a report; what is still to be looked at again has failed. */
export function collect<R>(
  outcomes: ReadonlyMap<string, Outcome<R>>,
  report: { results: R[]; failures: Error[] },
): void {
  for (const [subject, outcome] of outcomes) {
    if (outcome.state === 'failed') {
      report.failures.push(outcome.error);
    } else if (outcome.result !== undefined) {
      report.results.push(outcome.result);
    } else if (outcome.state === 'again') {
      report.failures.push(
        new Error(
          isTooFast(outcome.reason)
            ? `The rest is left for the next run: GitHub takes no new pull requests and comments of the App for now ("${outcome.reason}"). Run it again in an hour: it goes on where this one ended.`
            : `${subject} kept changing while it was written (${outcome.reason}). Run it again: it picks up where it stopped.`,
        ),
      );
    }
  }
}
