import * as v from 'valibot';
import { artifactSchema, runSchema } from '../../../evidence/judge-run.js';
import { type PreviewRequest, type RequestRecord, requestArtifact } from '../ask/request-record.js';

/** A run that asks, which is its newest attempt. @see https://docs.github.com/rest/actions/workflow-runs#get-a-workflow-run */
export const askingRunSchema = v.object({
  ...runSchema.entries,
  run_attempt: v.number(),
  /** When this attempt began, ISO 8601. */
  run_started_at: v.string(),
});

export type AskingRun = v.InferOutput<typeof askingRunSchema>;

/** An artifact with the time at which it was stored, ISO 8601. */
export const askingArtifactSchema = v.object({ ...artifactSchema.entries, created_at: v.string() });

export type AskingArtifact = v.InferOutput<typeof askingArtifactSchema>;

/** An open pull request, as far as a request for its preview is judged by it. */
export interface AskedPull {
  number: number;
  headOid: string;
  fromFork: boolean;
}

/**
 * The one artifact in which the newest attempt of a run says what it asks for.
 *
 * @param isOfRun whether it is an environment of the run itself
 * @returns `undefined` where the run asks for nothing; a reason, the end of a sentence about the run, where it is none to believe
 */
export function requestIn(
  artifacts: readonly AskingArtifact[],
  { run_started_at: started }: Pick<AskingRun, 'run_started_at'>,
  isOfRun: boolean,
): AskingArtifact | { reason: string } | undefined {
  const name = requestArtifact(isOfRun);
  const [own, second] = artifacts.filter((each) => each.name === name);
  if (own === undefined) {
    return undefined;
  }
  if (second !== undefined) {
    return { reason: `has several artifacts ${name}, so that nobody can tell which is its own` };
  }
  if (own.expired) {
    return { reason: `has its artifact ${name} no more` };
  }
  return Date.parse(own.created_at) < Date.parse(started)
    ? { reason: `has its artifact ${name} of an earlier attempt: its newest one has not asked` }
    : own;
}

/**
 * Why a run may not ask for the preview of a pull request. What it says itself only has to fit: which pull request is open, at which
 * commit and from where, GitHub says.
 *
 * @returns the end of a sentence about the run; `undefined` where nothing is against it
 */
export function whyNotForPull(
  run: AskingRun,
  record: RequestRecord,
  pull: AskedPull,
  { repository }: PreviewRequest,
): string | undefined {
  const label = `#${pull.number}`;
  const foreign = whyForeign(run, repository);
  if (foreign !== undefined) {
    return foreign;
  }
  // What a fork's pull request ran is nothing to believe: its images come by a run of the default branch, which has checked them.
  if (pull.fromFork && run.event !== 'workflow_run') {
    return `was started by ${run.event}: of ${label}, which comes from a fork, a run of the default branch asks (workflow_run)`;
  }
  if (!pull.fromFork && run.head_sha !== pull.headOid) {
    return `is of the commit ${run.head_sha.slice(0, 7)}, and ${label} is at ${pull.headOid.slice(0, 7)}`;
  }
  if (record.pullRequest !== pull.number) {
    return `asks for ${record.pullRequest === undefined ? 'itself' : `#${record.pullRequest}`}, and was named for ${label}`;
  }
  return record.head === pull.headOid
    ? undefined
    : `asks for the commit ${record.head.slice(0, 7)}, and ${label} is at ${pull.headOid.slice(0, 7)}`;
}

/** Why a run may not ask for an environment of its own. @returns the end of a sentence about the run */
export function whyNotForRun(
  run: AskingRun,
  record: RequestRecord,
  { repository }: PreviewRequest,
): string | undefined {
  const foreign = whyForeign(run, repository);
  if (foreign !== undefined) {
    return foreign;
  }
  if (record.pullRequest !== undefined) {
    return `asks for #${record.pullRequest}, and was named for itself`;
  }
  if (record.head !== run.head_sha) {
    return `asks for the commit ${record.head.slice(0, 7)}, and is of ${run.head_sha.slice(0, 7)} itself`;
  }
  return record.affected.length + record.images.length > 0 && run.status === 'completed'
    ? 'is over: an environment of a run ends with it'
    : undefined;
}

function whyForeign(run: AskingRun, repository: string): string | undefined {
  const head = run.head_repository?.full_name;
  const isOwn = (name: string | undefined) => name?.toLowerCase() === repository.toLowerCase();
  return isOwn(run.repository.full_name) && isOwn(head)
    ? undefined
    : `is of ${head ?? 'a repository that is gone'}, expected ${repository}`;
}
