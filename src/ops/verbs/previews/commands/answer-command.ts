import { commentMutation, findComment } from '../../../../github/comments.js';
import { type Connected, nameOf } from '../../../../github/connected.js';
import { attempt } from '../../../../github/errors.js';
import { mayHaveTakenEffect, readFailure } from '../../../../github/failure.js';
import { GraphqlErrors } from '../../../../github/graphql-error.js';
import { type Mutation, runMutations } from '../../../../github/mutations.js';
import { repositoryReader } from '../../../../github/repository-reader.js';
import { operationIn } from '../../../../github/try-operation.js';
import { pauseBefore } from '../../../tree/tree-commit.js';
import type { CommandAnswer } from '../plan/command.js';
import { answersMarker, renderAnswers } from './answer-comment.js';
import type { CommandSource } from './command-source.js';
import { type GivenCommand, wasAddedSince } from './judge-command.js';
import { labelOf } from './parse-command.js';
import { findLabel, OBEYED, REFUSED } from './read-command.js';

/**
 * Answers a command: a comment gets a reaction, a label is taken off unless it was added once more, and what came to nothing is told in a comment. Answered again
 * it changes nothing. The reaction comes last, because it marks a comment as answered.
 *
 * @param source `undefined` to tell only, and leave the command to another run
 * @throws Error for people when GitHub refuses it
 */
export async function answerCommand(
  apps: Connected,
  source: CommandSource | undefined,
  given: GivenCommand,
  answer: CommandAnswer,
): Promise<void> {
  const operation = operationIn(apps.repository, 'answer a command', 'pull-requests: write');
  await attempt(operation, () => untilAnswered(() => tell(apps, source, given, answer)));
  if (source !== undefined && 'label' in source) {
    if (wasAddedSince(await findLabel(apps, source), given.at)) {
      return;
    }
    await attempt(operation, () => takeOff(apps, source.pullRequest, labelOf(source.label)));
  }
}

/** How often an answer is given where nobody knows whether GitHub took it. */
const ATTEMPTS = 3;

/** Answers again where an answer of GitHub was lost: it changes nothing where it got through. */
async function untilAnswered(work: () => Promise<void>): Promise<void> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await work();
    } catch (error) {
      const failure = readFailure(error);
      if (attempts === ATTEMPTS || failure === undefined || !mayHaveTakenEffect(failure)) {
        throw error;
      }
      await pauseBefore(attempts);
    }
  }
}

async function tell(
  apps: Connected,
  source: CommandSource | undefined,
  given: GivenCommand,
  answer: CommandAnswer,
): Promise<void> {
  const mutations: Mutation[] = [
    ...(answer.obeyed ? [] : await toldMutation(apps, given, answer.text)),
    ...(source !== undefined && 'comment' in source ? [reaction(source.comment, answer.obeyed)] : []),
  ];
  if (mutations.length === 0) {
    return;
  }
  const { errors } = await runMutations(apps.github, 'AnswerCommand', mutations);
  if (errors.length > 0) {
    throw new GraphqlErrors([...errors]);
  }
}

async function toldMutation(apps: Connected, given: GivenCommand, text: string): Promise<Mutation[]> {
  const reader = repositoryReader(apps.github, apps.repository, 'CommandAnswers');
  const place = await findComment(reader, given.pullRequest, answersMarker(given.pullRequest));
  if (place === undefined) {
    throw new Error(`${nameOf(apps)} has no pull request #${given.pullRequest}.`);
  }
  return [commentMutation('told', place, renderAnswers(place.comment?.body, given, text)) ?? []].flat();
}

function reaction(subjectId: string, obeyed: boolean): Mutation {
  const input = { subjectId, content: obeyed ? OBEYED : REFUSED };
  return { alias: 'reaction', name: 'addReaction', input, select: 'reaction { content }' };
}

/** Takes a label off, also where somebody else did already. */
async function takeOff({ github, repository }: Connected, issue_number: number, name: string): Promise<void> {
  try {
    await github.octokit.request('DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}', {
      ...{ owner: repository.owner, repo: repository.name, issue_number, name },
    });
  } catch (error) {
    if (readFailure(error)?.status !== 404) {
      throw error;
    }
  }
}
