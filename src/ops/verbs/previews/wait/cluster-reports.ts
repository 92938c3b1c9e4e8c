import * as v from 'valibot';
import type { GitHub } from '../../../../github/client.js';
import type { RepositoryName } from '../../../../github/context.js';
import { binder } from '../../../../github/repository-reader.js';
import { previewFolder, recordFile } from '../../../preview-records/paths.js';

/** What the reconciler in the cluster says of one preview. */
export interface Report {
  state: 'applied' | 'failed' | 'pending';
  /** Its own words. */
  description: string;
}

/** Everything reported since a commit. */
export interface Reports {
  /** Whether any recent commit bears a reconciler's status: whether notifications are set up at all. */
  notified: boolean;
  /** By preview; one without an entry was not reported on. */
  byName: ReadonlyMap<string, Report>;
  /** Texts of the records as they are now, by preview. */
  records: ReadonlyMap<string, string>;
}

/** One preview that is waited for. */
export interface Awaited {
  name: string;
}

/**
 * How the contexts of reconcilers begin. Flux's notification-controller names a status `kustomization/<name>/<part of the
 * provider's uid>`; Argo CD's notifications name it `continuous-delivery/<application>`, or as the template says.
 *
 * @see https://fluxcd.io/flux/components/notification/providers/#git-commit-status
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/notifications/services/github/
 */
const RECONCILERS = /^(kustomization|helmrelease|continuous-delivery|argo-?cd)\//i;

const contextSchema = v.object({ context: v.string(), state: v.string(), description: v.nullable(v.string()) });
const commitSchema = v.object({
  oid: v.string(),
  status: v.nullable(v.object({ contexts: v.array(contextSchema) })),
});
const answerSchema = v.object({
  repository: v.nullable(
    v.object({
      defaultBranchRef: v.nullable(
        v.object({
          target: v.looseObject({
            history: v.object({ nodes: v.nullable(v.array(v.nullable(commitSchema))) }),
          }),
        }),
      ),
    }),
  ),
});
const fileSchema = v.nullable(v.object({ object: v.nullable(v.object({ text: v.optional(v.nullable(v.string())) })) }));

const historySchema = v.object({ nodes: v.nullable(v.array(v.nullable(v.object({ oid: v.string() })))) });

type Commit = v.InferOutput<typeof commitSchema>;

/**
 * Reads the commit statuses of the default branch's last hundred commits: one request, for any number of previews.
 *
 * @throws GraphqlErrors when they cannot be read
 */
export async function readReports(
  github: GitHub,
  { owner, name }: RepositoryName,
  previews: readonly Awaited[],
): Promise<Reports> {
  const { bind, declarations, variables } = binder({ owner, name });
  const files = previews.map(
    (preview, index) =>
      `r${index}: file(path: ${bind('String!', recordFile(preview.name))}) { object { ... on Blob { text } } } ` +
      `h${index}: history(first: 1, path: ${bind('String!', previewFolder(preview.name))}) { nodes { oid } }`,
  );
  const document = `query PreviewReports($owner: String!, $name: String!${declarations()}) {
  repository(owner: $owner, name: $name) {
    defaultBranchRef {
      target {
        ... on Commit {
          ${files.join('\n          ')}
          history(first: 100) { nodes { oid status { contexts { context state description } } } }
        }
      }
    }
  }
}`;
  const { repository } = await github.query(answerSchema, document, variables);
  const target = repository?.defaultBranchRef?.target;
  const commits = (target?.history.nodes ?? []).filter((commit): commit is Commit => commit !== null);
  const reports = previews.map(
    (preview, index) =>
      [preview.name, reportOn(preview.name, sinceCommit(commits, lastChange(target?.[`h${index}`])))] as const,
  );
  const texts = previews.map((preview, index) => {
    const file = v.safeParse(fileSchema, target?.[`r${index}`]);
    return [preview.name, file.success ? (file.output?.object?.text ?? '') : ''] as const;
  });
  return {
    notified: commits.some(({ status }) => status?.contexts.some(({ context }) => RECONCILERS.test(context))),
    byName: new Map(reports.flatMap(([key, report]) => (report === undefined ? [] : [[key, report]]))),
    records: new Map(texts),
  };
}

/** The commit that made a preview's files what they are: that one and later ones hold it. */
function lastChange(history: unknown): string | undefined {
  const parsed = v.safeParse(historySchema, history);
  return parsed.success ? parsed.output.nodes?.[0]?.oid : undefined;
}

/** The commit and those after it; all there are where it is not among them. */
function sinceCommit(commits: readonly Commit[], oid: string | undefined): readonly Commit[] {
  const at = commits.findIndex((commit) => commit.oid === oid);
  return at < 0 ? commits : commits.slice(0, at + 1);
}

/**
 * The newest word on a preview. A status that is still pending on a newer commit does not take back what an earlier one
 * said, for that commit holds the preview too.
 */
export function reportOn(name: string, newestFirst: readonly Commit[]): Report | undefined {
  let pending: Report | undefined;
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

/** Whether a status is about the preview: one of the parts of its context is the preview's name. */
function isAbout(context: string, name: string): boolean {
  return context.toLowerCase().split('/').slice(1).includes(name);
}
