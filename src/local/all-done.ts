import type { StageRunner } from './runner/stage-runner.js';
import type { Stage } from './stage.js';

/**
 * Waits until nothing is left to do: neither for workflows nor for what GitHub does late, which may start more of them.
 *
 * @param runner whose runs are waited for
 */
export async function allDone({ github }: Stage, runner: StageRunner): Promise<void> {
  for (let runs = -1; runs < runner.runs.length; ) {
    runs = runner.runs.length;
    await github.passTime();
    await runner.idle();
  }
}
