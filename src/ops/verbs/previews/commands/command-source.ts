import * as v from 'valibot';
import type { RunEvent } from '../../../../github/event.js';
import type { CommandVerb } from '../plan/command.js';
import { commandOfLabel } from './parse-command.js';

/** Where a command was given: in a comment, by its node id, or by a label on a pull request. */
export type CommandSource = { comment: string } | { label: CommandVerb; pullRequest: number };

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
