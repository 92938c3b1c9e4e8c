/** Where something that was to be written stands after one round. */
export type Outcome<R> =
  | { state: 'settled'; result: R }
  | { state: 'failed'; error: Error }
  /** Look again and decide again. */
  | { state: 'again'; reason: string };

/** Adds what all rounds came to to a report; what is still to be looked at again has failed. */
export function collect<R>(
  outcomes: ReadonlyMap<string, Outcome<R>>,
  report: { results: R[]; failures: Error[] },
): void {
  for (const [subject, outcome] of outcomes) {
    if (outcome.state === 'settled') {
      report.results.push(outcome.result);
    } else if (outcome.state === 'failed') {
      report.failures.push(outcome.error);
    } else {
      report.failures.push(
        new Error(
          `${subject} kept changing while it was written (${outcome.reason}). Run it again: it picks up where it stopped.`,
        ),
      );
    }
  }
}
