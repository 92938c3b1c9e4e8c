import type { Faults } from '../../src/local/github/http/faults.js';
import type { LocalRepository, Stage } from '../../src/local/stage.js';
import type { ActionResult } from '../support/run-action.js';

/** A stage on which a verb can run, and run again. */
export interface World extends AsyncDisposable {
  stage: Stage;
  /** Where the verb may leave something. */
  repositories: readonly LocalRepository[];
  /** Of other servers than GitHub, whose requests count as its own. */
  others?: readonly Faults[];
  /** Runs the bundle. @param signal kills it when it aborts */
  act(signal?: AbortSignal): Promise<ActionResult>;
  /** Brings everything back to how it was at first. */
  goBack(): Promise<void>;
  /** What a run tells that is no matter of the run; empty where it found everything done and told. */
  tells?: ((run: ActionResult) => string) | undefined;
}

/** A verb that writes, and the smallest world where it does. */
export interface Verb {
  name: string;
  world(): Promise<World>;
}

/** A world on which nothing is left to do but to start the bundle. */
export async function worldOf(
  held: AsyncDisposable & { stage: Stage },
  repositories: readonly LocalRepository[],
  act: World['act'],
  tells?: World['tells'],
): Promise<World> {
  return {
    ...{ stage: held.stage, repositories, act, tells },
    goBack: await held.stage.github.checkpoint(),
    [Symbol.asyncDispose]: async () => held[Symbol.asyncDispose](),
  };
}

/** Environment of a bundle that finds no kustomize: what it would render is a matter of other tests, and takes long. */
export const NO_TOOLS = { PATH: '/nowhere' };
