import { durationOf } from '../../../../runtime/duration.js';
import { COMMAND_VERBS, type CommandVerb } from '../plan/command.js';
import { COMMAND_WORD, labelOf } from './parse-command.js';

/** A command as people are told of it. */
export interface CommandHelp {
  /** What to write. */
  command: string;
  label: string;
  /** What comes of it, a part of a sentence. */
  does: string;
}

/**
 * The commands that may be given.
 *
 * @param keepMs the longest that somebody may keep a preview; `undefined` where nobody may
 */
export function commandHelp(keepMs: number | undefined): CommandHelp[] {
  const does: Record<CommandVerb, string | undefined> = {
    keep: keepMs === undefined ? undefined : `keeps it for that long from now on, at most ${durationOf(keepMs)}`,
    redeploy: 'deploys it again, with what the host environment runs now; opens one that has gone',
    sleep: 'scales it to zero',
    wake: 'wakes it',
    remove: 'removes it, until the next push or, of a fork, the next label',
  };
  return COMMAND_VERBS.flatMap((verb) => {
    const text = does[verb];
    const argument = verb === 'keep' && keepMs !== undefined ? ` ${durationOf(keepMs)}` : '';
    return text === undefined
      ? []
      : [{ command: `${COMMAND_WORD} ${verb}${argument}`, label: labelOf(verb), does: text }];
  });
}
