import * as v from 'valibot';
import { readArtifactFile } from '../../../../github/artifact-file.js';
import { type Connected, nameOf } from '../../../../github/connected.js';
import { attempt, isExplainedRefusal, isForbidden, isRequestFailure } from '../../../../github/errors.js';
import {
  type PreviewRequest,
  REQUEST_BYTES,
  REQUEST_FILE,
  type RequestRecord,
  readRequestRecord,
} from '../ask/request-record.js';
import { type AskingRun, askingArtifactSchema, askingRunSchema, requestIn } from './judge-request.js';

/** A run that asks, and what it asks for: `undefined` where it has left nothing that does. */
export interface Asking {
  run: AskingRun;
  record: RequestRecord | undefined;
}

const artifactsSchema = v.object({ total_count: v.number(), artifacts: v.array(askingArtifactSchema) });

/**
 * Reads a run of an apps repository and the one artifact in which it says what it asks for, as far as its bounds and as GitHub has the
 * digest of it: four requests.
 *
 * @throws Error for people that says why the run is none to believe, or what could not be read
 */
export async function readRequest(apps: Connected, { run: id, pull_request: pull }: PreviewRequest): Promise<Asking> {
  const { owner, name: repo } = apps.repository;
  const request = { owner, repo, run_id: id };
  const { octokit } = apps.github;
  const subject = `run ${id} of ${nameOf(apps)}`;
  try {
    const operation = { doing: `read the run ${id}`, repository: nameOf(apps), permission: 'actions: read' };
    const [run, { artifacts, total_count: count }] = await attempt(operation, () =>
      Promise.all([
        octokit
          .request('GET /repos/{owner}/{repo}/actions/runs/{run_id}', request)
          .then(({ data }) => v.parse(askingRunSchema, data)),
        octokit
          .request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts', { ...request, per_page: 100 })
          .then(({ data }) => v.parse(artifactsSchema, data)),
      ]),
    );
    if (count > artifacts.length) {
      throw refusal(`${subject} has more than the 100 artifacts that are looked at.`);
    }
    const artifact = requestIn(artifacts, run, pull === undefined);
    if (artifact !== undefined && 'reason' in artifact) {
      throw refusal(`${subject} ${artifact.reason}.`);
    }
    return { run, record: artifact && (await recordOf(apps, artifact, subject)) };
  } catch (error) {
    // Of what the App may not do at all, GitHub says so; what it does not see is not there.
    if (isExplainedRefusal(error) && !isForbidden(error instanceof Error ? error.cause : error)) {
      throw refusal(
        `${subject} cannot be read: it is not there, or the ops App may not read it. Install the App on ${nameOf(apps)}, ` +
          'with "Actions: read", "Contents: read" and "Pull requests: read".',
      );
    }
    throw error;
  }
}

async function recordOf(
  apps: Connected,
  artifact: v.InferOutput<typeof askingArtifactSchema>,
  subject: string,
): Promise<RequestRecord> {
  try {
    return readRequestRecord(await readArtifactFile(apps, artifact, REQUEST_FILE, REQUEST_BYTES));
  } catch (error) {
    if (isRequestFailure(error)) {
      throw error;
    }
    throw refusal(`${subject} says nothing to believe: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What somebody asks for and does not get. @param reason one or more sentences */
export function refusal(reason: string): Error {
  return new Error(`The preview that is asked for is refused: ${reason}`);
}
