import * as v from 'valibot';
import type { RepositoryReader } from '../../../github/repository-reader.js';

/** Commits of a pull request, events of it and commits before each that are looked at. */
const MOST = { commits: 100, events: 100, before: 30 };

const nodes = <S extends v.GenericSchema>(node: S) => v.nullable(v.array(v.nullable(node)));
const commit = v.nullable(v.object({ oid: v.string() }));
const pastSchema = v.nullable(
  v.object({
    commits: v.object({ nodes: nodes(v.object({ commit: v.object({ oid: v.string() }) })) }),
    timelineItems: v.object({
      nodes: nodes(
        v.object({
          afterCommit: commit,
          beforeCommit: v.nullable(
            v.object({ oid: v.string(), history: v.object({ nodes: nodes(v.object({ oid: v.string() })) }) }),
          ),
        }),
      ),
    }),
  }),
);

/**
 * The heads that a pull request from a fork may have had: its commits, and what was there before each time that its branch was
 * forced. Pushes to a fork are in no list of this repository, but what they did to its pull requests is.
 */
export async function headsOfFork(reader: RepositoryReader, number: number): Promise<string[]> {
  const past = await reader.load({
    text: (bind) => `pullRequest(number: ${bind('Int!', number)}) {
      commits(last: ${MOST.commits}) { nodes { commit { oid } } }
      timelineItems(last: ${MOST.events}, itemTypes: [HEAD_REF_FORCE_PUSHED_EVENT]) { nodes { ... on HeadRefForcePushedEvent {
        afterCommit { oid } beforeCommit { oid history(first: ${MOST.before}) { nodes { oid } } } } } } }`,
    schema: pastSchema,
  });
  const events = (past?.timelineItems.nodes ?? []).flatMap((event) => event ?? []);
  return [
    ...(past?.commits.nodes ?? []).flatMap((node) => node?.commit.oid ?? []),
    ...events.flatMap(({ afterCommit, beforeCommit }) => [
      ...[afterCommit, beforeCommit].flatMap((each) => each?.oid ?? []),
      ...(beforeCommit?.history.nodes ?? []).flatMap((node) => node?.oid ?? []),
    ]),
  ];
}
