import type { CommandVerb } from '../plan/command.js';
import { COMMAND_WORD, labelOf, type ParsedCommand, parseCommand } from './parse-command.js';

/** Who did something on GitHub; `null` where the account is gone. */
export type Actor = { __typename: string; login: string } | null;

/** A comment as GitHub has it now. */
export interface FoundComment {
  /** `owner/name` of the repository that it is in. */
  repository: string;
  /** Number of the pull request; `undefined` for a comment on an issue. */
  pullRequest: number | undefined;
  open: boolean;
  body: string;
  author: Actor;
  createdAt: string;
  edited: boolean;
  /** Whether this token has answered it with a reaction. */
  answered: boolean;
}

/** A label of a pull request as GitHub has it now. */
export interface FoundLabel {
  verb: CommandVerb;
  pullRequest: number;
  open: boolean;
  /** Whether the pull request has it. */
  there: boolean;
  /** Who added it last; `undefined` where GitHub does not show that. */
  added: { by: Actor; at: string } | undefined;
}

/** A command that somebody gave. */
export interface GivenCommand {
  pullRequest: number;
  /** What was written, as people know it. */
  said: string;
  by: string;
  at: Date;
  parsed: ParsedCommand;
  /** Why it is not obeyed whoever gave it, a sentence; `undefined` where nothing speaks against it. */
  problem: string | undefined;
}

/** A command, or why there is none that anybody has to be told of: a sentence. */
export type Judged = { kind: 'given'; given: GivenCommand } | { kind: 'none'; reason: string };

/**
 * Whether a comment is a command to look at. What is edited counts for nothing: anybody who may write can edit what somebody else
 * has said, and GitHub shows its author all the same. Bots give no commands, so that none answers itself.
 *
 * @param repository `owner/name` of the repository that the run is for
 */
export function judgeComment(comment: FoundComment | undefined, repository: string): Judged {
  if (comment === undefined) {
    return none('The comment is no longer there.');
  }
  if (comment.repository.toLowerCase() !== repository.toLowerCase()) {
    return none(`The comment is in ${comment.repository}, and this run is for ${repository}.`);
  }
  const parsed = parseCommand(comment.body);
  if (parsed === undefined) {
    return none(`The comment is no command: those begin with ${COMMAND_WORD}.`);
  }
  if (comment.pullRequest === undefined) {
    return none('The comment is on an issue, which has no preview.');
  }
  const by = person(comment.author);
  if (by === undefined) {
    return none('The comment is of nobody who could give a command: bots cannot.');
  }
  if (comment.answered) {
    return none('The comment was answered before.');
  }
  const edited = comment.edited ? 'The comment was edited: what is edited is no command. Write a new one.' : undefined;
  return {
    kind: 'given',
    given: {
      ...{ pullRequest: comment.pullRequest, by, parsed, at: new Date(comment.createdAt) },
      said: comment.body.trim().split('\n')[0]?.slice(0, 100) ?? '',
      problem: edited ?? closed(comment),
    },
  };
}

/** Whether a label is a command to look at. One that is no longer there was obeyed, or taken back. */
export function judgeLabel(label: FoundLabel | undefined): Judged {
  if (label?.there !== true) {
    return none('The label is no longer there.');
  }
  const by = person(label.added?.by ?? null);
  if (by === undefined || label.added === undefined) {
    return none('The label was added by nobody who could give a command: bots cannot.');
  }
  return {
    kind: 'given',
    given: {
      ...{ pullRequest: label.pullRequest, by, at: new Date(label.added.at), said: labelOf(label.verb) },
      parsed: { kind: 'command', verb: label.verb, forMs: undefined },
      problem: closed(label),
    },
  };
}

/** Whether a label was taken off and added once more since a command was given by it: that is another command, of another run. */
export function wasAddedSince(label: FoundLabel | undefined, given: Date): boolean {
  return label?.added !== undefined && Date.parse(label.added.at) > given.getTime();
}

function closed({ open, pullRequest }: { open: boolean; pullRequest: number | undefined }): string | undefined {
  return open ? undefined : `Pull request #${pullRequest} is closed.`;
}

/** A bot's name is without its "[bot]" in GraphQL, so it may be that of a person. */
function person(actor: Actor): string | undefined {
  return actor?.__typename === 'User' ? actor.login : undefined;
}

function none(reason: string): Judged {
  return { kind: 'none', reason };
}
