import type { Stage } from '../../src/local/stage.js';

/**
 * Does something right before the first request of a GraphQL operation is let in: nothing can be looked at in between. It
 * may be to wait for another operation. `stage.github.guard(undefined)` ends it.
 */
export function justBefore(stage: Stage, operation: string, act: () => Promise<unknown>): void {
  let isDone = false;
  stage.github.guard({
    async enter(visitor) {
      if (visitor.operation === operation && !isDone) {
        isDone = true;
        await act();
      }
      return () => {};
    },
  });
}
