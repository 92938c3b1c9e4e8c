import * as v from 'valibot';
import type { RunEvent } from '../../../../github/event.js';
import { COMMAND_VERBS } from '../plan/command.js';
import { commandOfLabel } from './parse-command.js';

/** Where a command was given: in a comment, by its node id, or by a label on a pull request. */
export const commandSourceSchema = v.union([
  v.object({ comment: v.pipe(v.string(), v.minLength(1, 'expected a text'), v.maxLength(200, 'is too long')) }),
  v.object({
    label: v.picklist(COMMAND_VERBS),
    pullRequest: v.pipe(v.number(), v.safeInteger('expected a number'), v.minValue(1, 'expected 1 or more')),
  }),
]);

export type CommandSource = v.InferOutput<typeof commandSourceSchema>;

const commentSchema = v.object({ comment: v.object({ node_id: v.string() }) });
const labelSchema = v.object({ label: v.object({ name: v.string() }), pull_request: v.object({ number: v.number() }) });

/**
 * Where the command of an event was given. Of the event only that is taken: what was said, and by whom, is read from GitHub, as it is
 * by then.
 *
 * @returns `undefined` for an event that no command can be in
 */
export function commandSource({ name, payload }: RunEvent): CommandSource | undefined {
  if (name === 'issue_comment') {
    const parsed = v.safeParse(commentSchema, payload);
    return parsed.success ? { comment: parsed.output.comment.node_id } : undefined;
  }
  const parsed = v.safeParse(labelSchema, payload);
  const label = parsed.success ? commandOfLabel(parsed.output.label.name) : undefined;
  return parsed.success && label !== undefined ? { label, pullRequest: parsed.output.pull_request.number } : undefined;
}
