import type { Stage } from '../../src/local/stage.js';

/**
 * Does something right before the first request of a GraphQL operation is answered; no other request comes between. The
 * work may be to wait for another operation. `stage.github.guard(undefined)` ends it.
 */
export function justBefore(stage: Stage, operation: string, work: () => Promise<unknown>): void {
  let isDone = false;
  stage.github.guard({
    async enter(request) {
      if (request.operation === operation && !isDone) {
        isDone = true;
        await work();
      }
      return () => {};
    },
  });
}
