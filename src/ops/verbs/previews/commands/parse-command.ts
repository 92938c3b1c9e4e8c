import { DURATION, parseDuration } from '../../../../runtime/duration.js';
import { COMMAND_VERBS, type CommandVerb } from '../plan/command.js';

/** What a comment begins with that is a command. */
export const COMMAND_WORD = '/preview';

/** What the labels of commands begin with. */
const LABEL_PREFIX = 'preview-';

/** A command as it was written: what is asked for, or why nobody can tell. */
export type ParsedCommand =
  | { kind: 'command'; verb: CommandVerb; forMs: number | undefined }
  /** `problem` is for people: one sentence or more, with a full stop. */
  | { kind: 'unclear'; problem: string };

/** A command is short, and what is longer is not read. */
const MOST_CHARACTERS = 200;

/** The longest that a duration may be, so that a time stays a time. */
const MOST_MS = 10 * 365 * 24 * 3600 * 1000;

/**
 * Reads the command that a comment is. The whole comment is the command, from its first character on: so nothing in a quote, a block of
 * code (four spaces before it are one) or a longer text is one, and nobody has to know Markdown to tell.
 *
 * @param body of the comment, as GitHub has it
 * @returns `undefined` where the comment is about something else
 */
export function parseCommand(body: string): ParsedCommand | undefined {
  const text = body.replace(/\r\n/g, '\n').trimEnd();
  if (text !== COMMAND_WORD && !/^\/preview[ \t\n]/.test(text)) {
    return undefined;
  }
  if (text.includes('\n') || text.length > MOST_CHARACTERS) {
    return unclear('A command is the whole comment, one line.');
  }
  const [, verb = '', ...args] = text.split(/[ \t]+/);
  const known = COMMAND_VERBS.find((each) => each === verb);
  if (known === undefined) {
    return unclear(`Expected one of ${COMMAND_VERBS.join(', ')} after ${COMMAND_WORD}.`);
  }
  if (known !== 'keep') {
    return args.length === 0 ? command(known) : unclear(`Expected nothing after ${known}.`);
  }
  const [duration] = args;
  if (duration === undefined) {
    return command('keep');
  }
  const forMs = args.length === 1 && DURATION.test(duration) ? parseDuration(duration) : 0;
  return forMs > 0 && forMs <= MOST_MS
    ? command('keep', forMs)
    : unclear('Expected a duration after keep, such as 48h or 3d.');
}

/** The command that a label stands for; `undefined` for any other label. */
export function commandOfLabel(label: string): CommandVerb | undefined {
  return COMMAND_VERBS.find((verb) => labelOf(verb) === label);
}

/** The label that stands for a command. */
export function labelOf(verb: CommandVerb): string {
  return `${LABEL_PREFIX}${verb}`;
}

function command(verb: CommandVerb, forMs?: number): ParsedCommand {
  return { kind: 'command', verb, forMs };
}

function unclear(problem: string): ParsedCommand {
  return { kind: 'unclear', problem };
}
