import * as v from 'valibot';
import { ConfigError } from '../../../../config/config-error.js';
import type { GitHub } from '../../../../github/client.js';
import type { RepositoryName } from '../../../../github/context.js';
import { binder } from '../../../../github/repository-reader.js';
import { previewFolder, recordFile } from '../../../preview-records/paths.js';
import { readRecord } from '../../../preview-records/record.js';
import { RECONCILERS } from '../../../reconcilers/all.js';

/** What the reconciler in the cluster reports of one preview. */
export interface ClusterReport {
  state: 'applied' | 'failed' | 'pending';
  /** The description of its commit status, may be empty. */
  description: string;
}

/** What the reconciler reports of several previews, and what their records say at that time. */
export interface ClusterReports {
  /** Whether any recent commit has a status by a reconciler, so whether notifications are set up at all. */
  notified: boolean;
  /** By preview; one without an entry was not reported on. */
  byName: ReadonlyMap<string, ClusterReport>;
  /** Full id of the commit in each preview's record; one without a readable record has no entry. */
  heads: ReadonlyMap<string, string>;
}

const contextSchema = v.object({ context: v.string(), state: v.string(), description: v.nullable(v.string()) });
const commitSchema = v.object({
  oid: v.string(),
  status: v.nullable(v.object({ contexts: v.array(contextSchema) })),
});
const branchSchema = v.nullable(
  v.object({
    target: v.looseObject({
      history: v.object({ nodes: v.nullable(v.array(v.nullable(commitSchema))) }),
    }),
  }),
);
const answerSchema = v.object({
  repository: v.nullable(v.object({ ref: branchSchema, defaultBranchRef: branchSchema })),
});
const fileSchema = v.nullable(v.object({ object: v.nullable(v.object({ text: v.optional(v.nullable(v.string())) })) }));

const historySchema = v.object({ nodes: v.nullable(v.array(v.nullable(v.object({ oid: v.string() })))) });

const HISTORY = 'history(first: 100) { nodes { oid status { contexts { context state description } } } }';

type Commit = v.InferOutput<typeof commitSchema>;

/**
 * Reads the commit statuses of the last hundred commits of the branch of previews, and the records of previews: one request
 * for any number of them. Statuses of the deployed branch tell whether the cluster reports at all.
 *
 * @param branch that previews are on
 * @param names of the previews
 * @throws GraphqlErrors, or another failed request, when they cannot be read
 */
export async function readClusterReports(
  github: GitHub,
  { owner, name }: RepositoryName,
  branch: string,
  names: readonly string[],
): Promise<ClusterReports> {
  const { bind, declarations, variables } = binder({ owner, name });
  const ref = bind('String!', `refs/heads/${branch}`);
  const files = names.map(
    (preview, index) =>
      `r${index}: file(path: ${bind('String!', recordFile(preview))}) { object { ... on Blob { text } } } ` +
      `h${index}: history(first: 1, path: ${bind('String!', previewFolder(preview))}) { nodes { oid } }`,
  );
  const document = `query PreviewReports($owner: String!, $name: String!${declarations()}) {
  repository(owner: $owner, name: $name) {
    ref(qualifiedName: ${ref}) {
      target {
        ... on Commit {
          ${files.join('\n          ')}
          ${HISTORY}
        }
      }
    }
    defaultBranchRef { target { ... on Commit { ${HISTORY} } } }
  }
}`;
  const { repository } = await github.query(answerSchema, document, variables);
  const target = repository?.ref?.target;
  const commits = commitsOf(repository?.ref);
  const all = [...commits, ...commitsOf(repository?.defaultBranchRef)];
  const reports = new Map<string, ClusterReport>();
  const heads = new Map<string, string>();
  for (const [index, preview] of names.entries()) {
    const report = reportOn(preview, sinceCommit(commits, lastChange(target?.[`h${index}`])));
    const head = recordedHead(preview, target?.[`r${index}`]);
    if (report !== undefined) {
      reports.set(preview, report);
    }
    if (head !== undefined) {
      heads.set(preview, head);
    }
  }
  return {
    notified: all.some(({ status }) => status?.contexts.some(({ context }) => isFromReconciler(context))),
    byName: reports,
    heads,
  };
}

function commitsOf(branch: v.InferOutput<typeof branchSchema> | undefined): Commit[] {
  return (branch?.target.history.nodes ?? []).filter((commit): commit is Commit => commit !== null);
}

function recordedHead(name: string, answer: unknown): string | undefined {
  const file = v.safeParse(fileSchema, answer);
  const text = file.success ? file.output?.object?.text : undefined;
  try {
    return text ? readRecord(text, name).head : undefined;
  } catch (error) {
    if (error instanceof ConfigError) {
      return undefined;
    }
    throw error;
  }
}

/** The id of the last commit that changed a preview's files: that one and later ones deploy it as it is. */
function lastChange(history: unknown): string | undefined {
  const parsed = v.safeParse(historySchema, history);
  return parsed.success ? parsed.output.nodes?.[0]?.oid : undefined;
}

/** The commit and those after it; all of them where it is not among them. */
function sinceCommit(commits: readonly Commit[], oid: string | undefined): readonly Commit[] {
  const at = commits.findIndex((commit) => commit.oid === oid);
  return at < 0 ? commits : commits.slice(0, at + 1);
}

/**
 * The newest report on a preview in commits that all deploy it as it is. On one commit a failure counts before a pending
 * status, and that before a success, since several clusters may report. A pending status does not replace the report on an
 * earlier commit.
 *
 * @param newestFirst commits with their statuses
 */
export function reportOn(name: string, newestFirst: readonly Commit[]): ClusterReport | undefined {
  let pending: ClusterReport | undefined;
  for (const { status } of newestFirst) {
    const own = (status?.contexts ?? []).filter(({ context }) => isAbout(context, name));
    const failed = own.find(({ state }) => state === 'FAILURE' || state === 'ERROR');
    if (failed !== undefined) {
      return { state: 'failed', description: failed.description ?? '' };
    }
    const open = own.find(({ state }) => state !== 'SUCCESS');
    if (own.length > 0 && open === undefined) {
      return { state: 'applied', description: own[0]?.description ?? '' };
    }
    pending ??= open === undefined ? undefined : { state: 'pending', description: open.description ?? '' };
  }
  return pending;
}

/** Whether a status is about a preview: one part of its context after the first is the preview's name. */
function isAbout(context: string, name: string): boolean {
  return context.toLowerCase().split('/').slice(1).includes(name);
}

/** Whether a commit status is a report of a reconciler, by its context. */
function isFromReconciler(context: string): boolean {
  const begins = RECONCILERS.flatMap(({ statusContexts }) => statusContexts);
  return begins.some((start) => context.toLowerCase().startsWith(start));
}
