import * as v from 'valibot';
import { readArtifactFile } from '../../github/artifact-file.js';
import type { GitHub } from '../../github/client.js';
import { compareCommits } from '../../github/compare-commits.js';
import { type Connected, nameOf } from '../../github/connected.js';
import { attempt, isExplainedRefusal, isRequestFailure } from '../../github/errors.js';
import { repositoryReader } from '../../github/repository-reader.js';
import { BUILD_RECORD_BYTES, BUILD_RECORD_FILE, type BuildRecord, readBuildRecord } from '../../images/build-record.js';
import type { BuiltBy } from '../policy/image-rules.js';
import {
  type Artifact,
  artifactSchema,
  askedBranches,
  isNoEvidence,
  type NoEvidence,
  type Run,
  recordIn,
  refused,
  reviewedBranches,
  runSchema,
  whyNotOfWorkflow,
  whyOpen,
} from './judge-run.js';
import { readReleaseBranches } from './release-branches.js';

/** What the evidence of one run comes to. */
export type RunEvidence = BuildRecord | NoEvidence;

const artifactsSchema = v.object({ total_count: v.number(), artifacts: v.array(artifactSchema) });
const comparisonSchema = v.object({ status: v.string() });

/**
 * Reads what a run of an apps repository built, where it is evidence: its record, and nothing that anybody else could have
 * written. Takes two requests, and three more where the run is what the policy asks for.
 *
 * @throws what a failed request throws, but for one that is refused
 */
export async function readRunEvidence(
  apps: Connected,
  id: number,
  builtBy: BuiltBy,
  serverUrl: string,
): Promise<RunEvidence> {
  const { owner, name: repo } = apps.repository;
  const request = { owner, repo, run_id: id };
  try {
    const [run, artifacts] = await attempt(
      { doing: `read the run ${id}`, repository: nameOf(apps), permission: 'actions: read' },
      async () =>
        Promise.all([
          apps.github.octokit
            .request('GET /repos/{owner}/{repo}/actions/runs/{run_id}', request)
            .then(({ data }) => v.parse(runSchema, data)),
          apps.github.octokit
            .request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts', { ...request, per_page: 100 })
            .then(({ data }) => v.parse(artifactsSchema, data)),
        ]),
    );
    if (artifacts.total_count > artifacts.artifacts.length) {
      return refused('has more than the 100 artifacts that are looked at');
    }
    const record = recordIn(artifacts.artifacts);
    const against = whyNotOfWorkflow(run, builtBy) ?? (isNoEvidence(record) ? record : undefined);
    return against ?? (await readRecord(apps, run, record, builtBy, serverUrl));
  } catch (error) {
    if (isExplainedRefusal(error)) {
      return refused(
        `cannot be read: it is not there, or the ops App may not read it (install the App on ${nameOf(apps)}, with "Actions: read" and "Contents: read", and say "evidence: true" in ops-gate.yml)`,
      );
    }
    throw error;
  }
}

async function readRecord(
  apps: Connected,
  run: Run,
  artifact: Artifact | NoEvidence,
  builtBy: BuiltBy,
  serverUrl: string,
): Promise<RunEvidence> {
  if (isNoEvidence(artifact)) {
    return artifact;
  }
  const [contained, record] = await Promise.all([
    whyNotContained(apps, run, builtBy, serverUrl),
    recordOf(apps, artifact),
  ]);
  if (contained !== undefined || isNoEvidence(record)) {
    return contained ?? record;
  }
  return record.commit === run.head_sha
    ? record
    : refused(
        `recorded what was built of ${record.commit.slice(0, 12)}, and is of ${run.head_sha.slice(0, 12)} itself`,
      );
}

/** Branches and tags may be called alike, and a run tells the name alone: its commit has to be in the branch. */
async function whyNotContained(
  apps: Connected,
  run: Run,
  builtBy: BuiltBy,
  serverUrl: string,
): Promise<NoEvidence | undefined> {
  const found = await readReleaseBranches(
    repositoryReader(apps.github, apps.repository, 'Evidence'),
    askedBranches(builtBy, run),
  );
  const branches = reviewedBranches(found, builtBy, serverUrl);
  if (isNoEvidence(branches)) {
    return branches;
  }
  const states = await Promise.all(
    branches.map(async ({ oid }) => v.parse(comparisonSchema, await compareCommits(apps, oid, run.head_sha)).status),
  );
  if (states.some((status) => status === 'identical' || status === 'behind')) {
    return undefined;
  }
  const own = found.find(({ name }) => name === run.head_branch);
  return (
    (own && whyOpen(own, builtBy, serverUrl)) ??
    refused(
      `is of the commit ${run.head_sha.slice(0, 12)}, which is not in ${branches.map(({ name }) => name).join(' or ')} of ${nameOf(apps)}`,
    )
  );
}

/** The record, which may be anything: what is wrong with it is against the run, and stops nothing else. */
async function recordOf(apps: Connected, artifact: Artifact): Promise<RunEvidence> {
  try {
    return readBuildRecord(await readArtifactFile(apps, artifact, BUILD_RECORD_FILE, BUILD_RECORD_BYTES));
  } catch (error) {
    if (isRequestFailure(error)) {
      throw error;
    }
    return refused(`has a record that cannot be believed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Opens the runs of any repository with one token. */
export function appsRepository(github: GitHub, repository: string): Connected {
  const [owner = '', name = ''] = repository.split('/');
  return { github, repository: { owner, name } };
}
