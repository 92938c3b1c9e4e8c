import * as v from 'valibot';
import { type Connected, nameOf } from '../../../../github/connected.js';
import { attempt } from '../../../../github/errors.js';
import { GraphqlErrors } from '../../../../github/graphql-error.js';
import { operationIn } from '../../../../github/try-operation.js';
import { mayWrite } from '../run/may-write.js';
import type { CommandSource } from './command-source.js';
import { type FoundComment, type FoundLabel, type Judged, judgeComment, judgeLabel } from './judge-command.js';
import { labelOf } from './parse-command.js';

const actorSchema = v.nullable(v.object({ __typename: v.string(), login: v.string() }));
const commentSchema = v.object({
  node: v.nullable(
    v.union([
      v.object({
        __typename: v.literal('IssueComment'),
        ...{ body: v.string(), createdAt: v.string(), lastEditedAt: v.nullable(v.string()) },
        author: actorSchema,
        pullRequest: v.nullable(v.object({ number: v.number(), state: v.string() })),
        repository: v.object({ nameWithOwner: v.string() }),
        reactionGroups: v.nullable(v.array(v.object({ content: v.string(), viewerHasReacted: v.boolean() }))),
      }),
      v.object({ __typename: v.string() }),
    ]),
  ),
});
const COMMENT = `query CommandComment($id: ID!) {
  node(id: $id) {
    __typename
    ... on IssueComment {
      body createdAt lastEditedAt author { __typename login } pullRequest { number state }
      repository { nameWithOwner } reactionGroups { content viewerHasReacted }
    }
  }
}`;

/** Reactions that answer a command. */
export const OBEYED = 'ROCKET';
export const REFUSED = 'THUMBS_DOWN';

/**
 * Reads a command that somebody gave, as GitHub has it now, and whether it may be obeyed: not one that was edited, nor of anybody
 * who may not write to the repository. What is said of somebody's association is never asked.
 *
 * @param apps the apps repository
 * @throws Error for people when it cannot be read
 */
export async function readCommand(apps: Connected, source: CommandSource): Promise<Judged> {
  const judged =
    'comment' in source
      ? judgeComment(await findCommand(apps, source.comment), nameOf(apps))
      : judgeLabel(await findLabel(apps, source));
  if (judged.kind === 'none') {
    return judged;
  }
  const { given } = judged;
  if (given.problem === undefined && !(await mayWrite(apps, given.by))) {
    const problem = `${given.by} may not write to ${nameOf(apps)}: ask somebody who may.`;
    return { kind: 'given', given: { ...given, problem } };
  }
  return judged;
}

async function findCommand(apps: Connected, id: string): Promise<FoundComment | undefined> {
  const operation = operationIn(apps.repository, 'read a comment', 'pull-requests: read');
  const { node } = await attempt(operation, async () => {
    try {
      return await apps.github.query(commentSchema, COMMENT, { id });
    } catch (error) {
      if (error instanceof GraphqlErrors && error.errors.every(({ type }) => type === 'NOT_FOUND')) {
        return { node: null };
      }
      throw error;
    }
  });
  if (node === null || !('body' in node)) {
    return undefined;
  }
  const answers = [OBEYED, REFUSED];
  return {
    repository: node.repository.nameWithOwner,
    pullRequest: node.pullRequest?.number,
    open: node.pullRequest?.state === 'OPEN',
    ...{ body: node.body, author: node.author, createdAt: node.createdAt, edited: node.lastEditedAt !== null },
    answered: (node.reactionGroups ?? []).some((each) => each.viewerHasReacted && answers.includes(each.content)),
  };
}

const labelledSchema = v.object({
  __typename: v.string(),
  createdAt: v.string(),
  label: v.nullish(v.object({ name: v.string() })),
  actor: v.nullish(actorSchema),
});
const listOf = <S extends v.GenericSchema>(node: S) => v.object({ nodes: v.nullable(v.array(v.nullable(node))) });
const pullSchema = v.object({
  repository: v.object({
    pullRequest: v.nullable(
      v.object({
        state: v.string(),
        labels: v.nullable(listOf(v.object({ name: v.string() }))),
        timelineItems: listOf(labelledSchema),
      }),
    ),
  }),
});
const LABEL = `query CommandLabel($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      state labels(first: 100) { nodes { name } }
      timelineItems(last: 100, itemTypes: [LABELED_EVENT]) {
        nodes { __typename ... on LabeledEvent { createdAt actor { __typename login } label { name } } }
      }
    }
  }
}`;

/**
 * Reads the label of a command, as GitHub has it now.
 *
 * @returns `undefined` where there is no such pull request
 * @throws Error for people when it cannot be read
 */
export async function findLabel(
  { github, repository }: Connected,
  { label: verb, pullRequest }: Extract<CommandSource, { label: unknown }>,
): Promise<FoundLabel | undefined> {
  const { owner, name } = repository;
  const operation = operationIn(repository, `read the labels of #${pullRequest}`, 'pull-requests: read');
  const answer = await attempt(operation, () => github.query(pullSchema, LABEL, { owner, name, number: pullRequest }));
  const found = answer.repository.pullRequest;
  if (found === null) {
    return undefined;
  }
  const label = labelOf(verb);
  const event = (found.timelineItems.nodes ?? []).findLast((each) => each?.label?.name === label);
  return {
    ...{ verb, pullRequest, open: found.state === 'OPEN' },
    there: (found.labels?.nodes ?? []).some((each) => each?.name === label),
    added: event ? { by: event.actor ?? null, at: event.createdAt } : undefined,
  };
}
