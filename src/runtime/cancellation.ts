/**
 * A signal that aborts when the runner cancels the step. The runner sends SIGINT, after 7.5 seconds SIGTERM, and after 2.5
 * more SIGKILL.
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
