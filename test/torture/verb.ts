import type { Stage } from '../../src/local/stage.js';
import type { ActionResult } from '../support/run-action.js';

/** A stage on which a verb can run, and run again. */
export interface World extends AsyncDisposable {
  stage: Stage;
  /** Runs the bundle; killed when `signal` aborts. */
  act(signal?: AbortSignal): Promise<ActionResult>;
  /** What there is in the end, without ids, times and addresses: whatever way led there, it must be equal. */
  endState(): Promise<unknown>;
}

/** A verb that writes, and the smallest world where it does. */
export interface Verb {
  name: string;
  world(): Promise<World>;
}
