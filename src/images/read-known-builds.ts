import * as v from 'valibot';
import { readArtifactFile } from '../github/artifact-file.js';
import { compareCommits } from '../github/compare-commits.js';
import { type Connected, nameOf } from '../github/connected.js';
import { attempt } from '../github/errors.js';
import { readFailure } from '../github/failure.js';
import { BUILD_RECORD_ARTIFACT, BUILD_RECORD_BYTES, BUILD_RECORD_FILE, readBuildRecord } from './build-record.js';
import { buildsIn, type KnownBuilds, knownBuilds } from './known-builds.js';
import type { AskingRun } from './recording-run.js';
import { type RecordingRun, recordingRunSchema, whyNotTrusted } from './recording-run.js';

/** Records that are looked at, newest first, until one may be believed. */
const MOST_RECORDS = 5;

const artifactsSchema = v.object({
  artifacts: v.array(
    v.object({
      id: v.number(),
      size_in_bytes: v.number(),
      digest: v.nullish(v.string()),
      expired: v.boolean(),
      workflow_run: v.nullish(v.object({ id: v.number(), head_branch: v.nullish(v.string()) })),
    }),
  ),
});

type Artifact = v.InferOutput<typeof artifactsSchema>['artifacts'][number];

/**
 * What earlier runs of this workflow on this branch have built, from the newest record that can be believed. It takes a
 * request for the list, two for each run that is looked at, and two for the record, whatever the repository has.
 *
 * @param tell called with a sentence for people where nothing is known
 * @throws a failed request; the token needs `actions: read` where the repository is not public
 */
export async function readKnownBuilds(
  apps: Connected,
  asking: AskingRun,
  tell: (words: string) => void,
): Promise<KnownBuilds> {
  const branch = /^refs\/heads\/(.+)$/.exec(asking.ref)?.[1];
  if (branch === undefined) {
    tell(`Nothing is reused: a record counts on a branch, and this run is of ${asking.ref}.`);
    return knownBuilds([]);
  }
  const mayHaveMade = async (digest: string, revision: string | undefined) =>
    revision !== undefined && (await mayBeOfRun(apps, asking, digest, revision));
  const operation = {
    doing: 'list what earlier releases built',
    repository: nameOf(apps),
    permission: 'actions: read',
  };
  const { artifacts } = await attempt(operation, () => listRecords(apps));
  const own = artifacts.filter(({ expired, workflow_run: run }) => !expired && String(run?.id) === asking.runId);
  const [before] = own;
  if (asking.isAgain && before !== undefined && own.length === 1) {
    // Of the same commit and the same jobs, so as good as what this attempt makes: it needs not have succeeded as a whole.
    const record = await readRecord(apps, before);
    return knownBuilds(buildsIn(record), { mayHaveMade, delivered: record.commit === asking.sha ? record.images : [] });
  }
  const candidates = artifacts.filter(
    ({ expired, workflow_run: run }) => !expired && run?.head_branch === branch && String(run.id) !== asking.runId,
  );
  const reasons: string[] = [];
  for (const artifact of candidates.slice(0, MOST_RECORDS)) {
    const id = artifact.workflow_run?.id ?? 0;
    const reason =
      candidates.filter((other) => other.workflow_run?.id === id).length > 1
        ? `run ${id} has several artifacts ${BUILD_RECORD_ARTIFACT}`
        : await whyNot(apps, asking, id);
    if (reason === undefined) {
      return knownBuilds(buildsIn(await readRecord(apps, artifact)), { mayHaveMade });
    }
    reasons.push(reason);
  }
  tell(
    candidates.length === 0
      ? `Nothing is reused: no release of ${branch} before this one has left a record of what it built.`
      : `Nothing is reused: no record of what releases of ${branch} built can be believed: ${reasons.join('; ')}.`,
  );
  return knownBuilds([], { mayHaveMade });
}

async function listRecords({ github, repository: { owner, name: repo } }: Connected) {
  const { data } = await github.octokit.request('GET /repos/{owner}/{repo}/actions/artifacts', {
    ...{ owner, repo, name: BUILD_RECORD_ARTIFACT, per_page: 100 },
  });
  const { artifacts } = v.parse(artifactsSchema, data);
  return { artifacts: artifacts.sort((one, other) => other.id - one.id) };
}

async function whyNot(apps: Connected, asking: AskingRun, id: number): Promise<string | undefined> {
  const { owner, name: repo } = apps.repository;
  const { data } = await apps.github.octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}', {
    ...{ owner, repo, run_id: id },
  });
  const run: RecordingRun = v.parse(recordingRunSchema, data);
  return whyNotTrusted(run, asking) ?? (await whyNotBefore(apps, asking, run));
}

/** Branches and tags may have any name, and commits have none: what was built must be in the history of what is built now. */
async function whyNotBefore(apps: Connected, { sha }: AskingRun, run: RecordingRun): Promise<string | undefined> {
  const { status } = await compareCommits(apps, run.head_sha, sha);
  return status === 'identical' || status === 'ahead'
    ? undefined
    : `run ${run.id} is of the commit ${run.head_sha.slice(0, 12)}, which this one does not come after`;
}

const runsSchema = v.object({ workflow_runs: v.array(recordingRunSchema) });
const comparisonSchema = v.object({
  status: v.string(),
  base_commit: v.object({ commit: v.object({ committer: v.nullish(v.object({ date: v.optional(v.string()) })) }) }),
});
/** Of a commit that is nowhere in the repository. */
const NO_COMPARISON = { status: 'none', base_commit: { commit: {} } };

/** GitHub keeps runs for 400 days: of what is older, nobody can tell. */
const OLD_DAYS = 365;

/**
 * Whether a run of this workflow on this branch may have made an image of a commit: one that has not ended well, or that has no
 * record any more, or whose record has it. Takes two requests, and two or three for each run of the commit.
 */
async function mayBeOfRun(apps: Connected, asking: AskingRun, digest: string, revision: string): Promise<boolean> {
  const { octokit } = apps.github;
  const { owner, name: repo } = apps.repository;
  const compared = await compareCommits(apps, revision, asking.sha).catch((error: unknown) => {
    if ([404, 422].includes(readFailure(error)?.status ?? 0)) {
      return undefined;
    }
    throw error;
  });
  const { status, base_commit: base } = v.parse(comparisonSchema, compared ?? NO_COMPARISON);
  if (status !== 'identical' && status !== 'ahead') {
    return false;
  }
  if (Date.now() - Date.parse(base.commit.committer?.date ?? '') > OLD_DAYS * 86_400_000) {
    return true;
  }
  const listed = await octokit.request('GET /repos/{owner}/{repo}/actions/runs', {
    ...{ owner, repo, head_sha: revision, per_page: 100 },
  });
  const runs = v.parse(runsSchema, listed.data).workflow_runs;
  const ended = { status: 'completed', conclusion: 'success' };
  const own = runs.filter((run) => whyNotTrusted({ ...run, ...ended }, asking) === undefined);
  const may = await Promise.all(own.map((run) => mayHaveLeft(apps, run, digest)));
  return may.includes(true);
}

async function mayHaveLeft(apps: Connected, run: RecordingRun, digest: string): Promise<boolean> {
  if (run.status !== 'completed' || run.conclusion !== 'success') {
    return true;
  }
  const { owner, name: repo } = apps.repository;
  const { data } = await apps.github.octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts', {
    ...{ owner, repo, run_id: run.id, name: BUILD_RECORD_ARTIFACT, per_page: 100 },
  });
  const [artifact] = v.parse(artifactsSchema, data).artifacts.filter(({ expired }) => !expired);
  return artifact === undefined || buildsIn(await readRecord(apps, artifact)).some((build) => build.digest === digest);
}

async function readRecord(apps: Connected, artifact: Artifact) {
  return readBuildRecord(await readArtifactFile(apps, artifact, BUILD_RECORD_FILE, BUILD_RECORD_BYTES));
}
