/**
 * A signal that says when the runner asks the step to end: it sends SIGINT, after 7.5 seconds SIGTERM, and after 2.5 more
 * it kills.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-cancellation
 */
export function cancellation(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => controller.abort());
  }
  return controller.signal;
}
