import * as v from 'valibot';

/** What somebody reported about a commit: a check run, or a commit status. */
export interface Check {
  name: string;
  /** `other` is neither passed nor failed, and satisfies GitHub: neutral or skipped. */
  state: 'success' | 'other' | 'pending' | 'failure';
}

/** Everything that is reported about a head. */
export interface Checks {
  all: readonly Check[];
  /** Whether there is more than GitHub gives in one list. */
  isCut: boolean;
}

const contextSchema = v.object({
  databaseId: v.optional(v.nullable(v.number())),
  name: v.optional(v.string()),
  status: v.optional(v.string()),
  conclusion: v.optional(v.nullable(v.string())),
  context: v.optional(v.string()),
  state: v.optional(v.string()),
});

/** What `ALL_CHECKS` gives. */
export const allChecksSchema = v.nullable(
  v.object({
    contexts: v.object({ totalCount: v.number(), nodes: v.nullable(v.array(v.nullable(contextSchema))) }),
  }),
);

/** The selection on a `Commit` that fetches what is reported about it, by whomever. */
export const ALL_CHECKS = `statusCheckRollup { contexts(first: 100) { totalCount nodes {
    ... on CheckRun { databaseId name status conclusion } ... on StatusContext { context state } } } }`;

/** Of check runs with one name, which several runs of a workflow leave, the newest counts. */
export function checksFrom(rollup: v.InferOutput<typeof allChecksSchema>): Checks {
  const nodes = (rollup?.contexts.nodes ?? []).flatMap((node) => node ?? []);
  const sorted = [...nodes].sort((one, other) => (one.databaseId ?? 0) - (other.databaseId ?? 0));
  const runs = new Map<string, Check>();
  const statuses: Check[] = [];
  for (const { name, status, conclusion, context, state } of sorted) {
    if (context !== undefined) {
      statuses.push({ name: context, state: stateOfStatus(state) });
    } else if (name !== undefined) {
      runs.set(name, { name, state: stateOfRun(status, conclusion) });
    }
  }
  return { all: [...runs.values(), ...statuses], isCut: (rollup?.contexts.totalCount ?? 0) > nodes.length };
}

function stateOfStatus(state: string | undefined): Check['state'] {
  return state === 'SUCCESS' ? 'success' : state === 'PENDING' || state === 'EXPECTED' ? 'pending' : 'failure';
}

function stateOfRun(status: string | undefined, conclusion: string | null | undefined): Check['state'] {
  if (status !== 'COMPLETED') {
    return 'pending';
  }
  return conclusion === 'SUCCESS'
    ? 'success'
    : conclusion === 'NEUTRAL' || conclusion === 'SKIPPED'
      ? 'other'
      : 'failure';
}
