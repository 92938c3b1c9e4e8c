import * as v from 'valibot';
import type { RunEvent } from '../../github/event.js';
import type { Ends } from './flows.js';

const repository = v.nullable(v.object({ full_name: v.string() }));

const eventSchema = v.object({
  pull_request: v.object({
    base: v.object({ ref: v.string() }),
    head: v.object({ ref: v.string(), repo: repository }),
  }),
});

/**
 * The two ends of the pull request that a run is about; `undefined` in a merge queue, which takes in only what has passed
 * its checks as a pull request.
 *
 * @throws Error when the run is about neither
 */
export function endsOf({ name, payload }: RunEvent, baseRepository: string): Ends | undefined {
  if (name === 'merge_group') {
    return undefined;
  }
  const event = v.safeParse(eventSchema, payload);
  if (!event.success) {
    throw new Error(
      `This run is of the event "${name}", which is about no pull request. Start it on "pull_request" (and "merge_group").`,
    );
  }
  const { head, base } = event.output.pull_request;
  return { head: head.ref, base: base.ref, headRepository: head.repo?.full_name, baseRepository };
}
