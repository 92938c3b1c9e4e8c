import * as v from 'valibot';
import { readArtifactFile } from '../github/artifact-file.js';
import { type Connected, nameOf } from '../github/connected.js';
import type { RunContext } from '../github/context.js';
import { attempt } from '../github/errors.js';
import { BUILD_RECORD_ARTIFACT, BUILD_RECORD_BYTES, BUILD_RECORD_FILE, readBuildRecord } from './build-record.js';
import { buildsIn, type KnownBuilds, knownBuilds } from './known-builds.js';
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

/** The run that asks. */
export type AskingRun = Pick<RunContext, 'repository' | 'ref' | 'sha' | 'runId'> & {
  /** `.github/workflows/release.yml` */
  workflow: string;
};

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
  const operation = {
    doing: 'list what earlier releases built',
    repository: nameOf(apps),
    permission: 'actions: read',
  };
  const { artifacts } = await attempt(operation, () => listRecords(apps));
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
      return knownBuilds(buildsIn(await readRecord(apps, artifact)));
    }
    reasons.push(reason);
  }
  tell(
    candidates.length === 0
      ? `Nothing is reused: no release of ${branch} before this one has left a record of what it built.`
      : `Nothing is reused: no record of what releases of ${branch} built can be believed: ${reasons.join('; ')}.`,
  );
  return knownBuilds([]);
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
async function whyNotBefore(
  { github, repository: { owner, name: repo } }: Connected,
  { sha }: AskingRun,
  run: RecordingRun,
): Promise<string | undefined> {
  const { data } = await github.octokit.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
    ...{ owner, repo, basehead: `${run.head_sha}...${sha}`, per_page: 1 },
  });
  return data.status === 'identical' || data.status === 'ahead'
    ? undefined
    : `run ${run.id} is of the commit ${run.head_sha.slice(0, 12)}, which this one does not come after`;
}

async function readRecord(apps: Connected, artifact: Artifact) {
  return readBuildRecord(await readArtifactFile(apps, artifact, BUILD_RECORD_FILE, BUILD_RECORD_BYTES));
}
