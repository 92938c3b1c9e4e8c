/** Why one preview cannot be rendered, for people. The others are not affected. */
export class PreviewProblem extends Error {
  override readonly name = 'PreviewProblem';
}

/**
 * Runs code that reads or checks what a person wrote, such as a file that may be no valid YAML. No I/O: a request that fails
 * is no problem of one preview.
 *
 * @throws PreviewProblem with the message of any error that the work throws
 */
export function asPreviewProblem<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new PreviewProblem(error instanceof Error ? error.message : String(error));
  }
}
