import type { LocalRepository, Stage } from '../../src/local/stage.js';
import type { ActionResult } from '../support/run-action.js';

/** How one run of a bundle is watched. */
export interface Run {
  /** Kills the bundle when it aborts. */
  signal?: AbortSignal | undefined;
  /** To be called when all is ready and the bundle starts: the requests from now on are its own. */
  begin(): void;
}

/** A stage on which a verb can run, and run again. */
export interface World extends AsyncDisposable {
  stage: Stage;
  /** Where the verb may leave something. */
  repositories: readonly LocalRepository[];
  act(run: Run): Promise<ActionResult>;
}

/** A verb that writes, and the smallest world where it does. */
export interface Verb {
  name: string;
  world(): Promise<World>;
}

/** A world on which nothing is left to do but to start the bundle. */
export function worldOf(
  held: AsyncDisposable & { stage: Stage },
  repositories: readonly LocalRepository[],
  start: (signal: AbortSignal | undefined) => Promise<ActionResult>,
): World {
  return {
    stage: held.stage,
    repositories,
    act({ signal, begin }) {
      begin();
      return start(signal);
    },
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}

/** Environment of a bundle that finds no kustomize: what it would render is a matter of other tests, and takes long. */
export const NO_TOOLS = { PATH: '/nowhere' };
