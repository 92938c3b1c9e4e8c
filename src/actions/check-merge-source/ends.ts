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
 * The two branches of the pull request that a run is for; `undefined` in a merge queue, which takes only pull requests that
 * have passed their checks.
 *
 * @param baseRepository `owner/name` of the repository that the run is in
 * @throws Error where the event is about neither
 */
export function endsOf({ name, payload }: RunEvent, baseRepository: string): Ends | undefined {
  if (name === 'merge_group') {
    return undefined;
  }
  const event = v.safeParse(eventSchema, payload);
  if (!event.success) {
    throw new Error(
      `This run was started by the event "${name}", which is not about a pull request. Start it on "pull_request" (and "merge_group").`,
    );
  }
  const { head, base } = event.output.pull_request;
  return { head: head.ref, base: base.ref, headRepository: head.repo?.full_name, baseRepository };
}
