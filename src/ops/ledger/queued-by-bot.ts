import * as v from 'valibot';
import type { RepositoryReader } from '../../github/repository-reader.js';

const schema = v.nullable(
  v.object({
    timelineItems: v.object({
      nodes: v.nullable(v.array(v.nullable(v.object({ actor: v.nullable(v.object({ __typename: v.string() })) })))),
    }),
  }),
);

/**
 * Whether a bot put a pull request into the merge queue. GitHub names the queue as the one that merged it, whoever put it
 * there.
 */
export async function queuedByBot(reader: RepositoryReader, number: number): Promise<boolean> {
  const pull = await reader.load({
    text: (bind) =>
      `pullRequest(number: ${bind('Int!', number)}) { timelineItems(last: 1, itemTypes: [ADDED_TO_MERGE_QUEUE_EVENT]) { nodes { ... on AddedToMergeQueueEvent { actor { __typename } } } } }`,
    schema,
  });
  return pull?.timelineItems.nodes?.[0]?.actor?.__typename === 'Bot';
}
