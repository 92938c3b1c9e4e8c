/** Why one preview cannot be rendered. It concerns that preview alone: others go on. */
export class PreviewProblem extends Error {
  override readonly name = 'PreviewProblem';
}

/**
 * Reads something a person wrote, a file that may be no valid YAML, without I/O.
 *
 * @throws PreviewProblem in place of what the work throws
 */
export function reading<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new PreviewProblem(error instanceof Error ? error.message : String(error));
  }
}
