import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../github/client.js';
import { parseRepository, type RunContext, workflowPath } from '../../github/context.js';
import {
  BUILD_RECORD_ARTIFACT,
  BUILD_RECORD_FILE,
  type RecordedImage,
  writeBuildRecord,
} from '../../images/build-record.js';
import type { DeliveredImage } from '../../images/deliver.js';
import { carriedOn, type KnownBuilds, knownBuilds } from '../../images/known-builds.js';
import { readKnownBuilds } from '../../images/read-known-builds.js';
import { logNotice } from '../../runtime/log.js';

/**
 * What earlier releases have built. Where that cannot be read nothing is reused, and the log says why: a build is never
 * wrong, only slower.
 */
export async function findKnownBuilds(context: RunContext, token: string): Promise<KnownBuilds> {
  const { repository, ref, sha, runId, apiUrl, graphqlUrl } = context;
  const isAgain = Number(process.env.GITHUB_RUN_ATTEMPT ?? '1') > 1;
  if (token === '') {
    logNotice('Nothing is reused: without the input "github-token" nobody can tell what earlier releases built.');
    return knownBuilds([]);
  }
  try {
    const apps = {
      github: connect({ token, apiUrl, graphqlUrl }),
      repository: parseRepository(repository, 'GITHUB_REPOSITORY'),
    };
    return await readKnownBuilds(apps, { repository, ref, sha, runId, isAgain, workflow: workflowPath() }, logNotice);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    logNotice(`Nothing is reused, because what earlier releases built cannot be read: ${reason}`);
    return knownBuilds([]);
  }
}

/** What was delivered, as a record has it. Of an image that was reused the layers of before are still the newest. */
function recorded({ planned, digest, reused }: DeliveredImage, known: KnownBuilds): RecordedImage[] {
  const { app, repository, tags, key, layers: made } = planned;
  const layers = reused ? known.layersOf(repository) : made;
  const more = { ...(key !== undefined && { key }), ...(layers !== undefined && { layers }) };
  return digest === undefined ? [] : [{ app, repository, digest, tag: tags[0] ?? '', ...more }];
}

/** What is known with what was delivered since. */
export function knownAlso(known: KnownBuilds, delivered: readonly DeliveredImage[]): KnownBuilds {
  const images = delivered.flatMap((one) => recorded(one, known));
  return knownBuilds([...images.map(({ app: _app, tag: _tag, ...build }) => build), ...known.all], known);
}

/**
 * Writes the record of what this run delivered, for the artifact that the workflow uploads.
 *
 * @param commit that was checked out
 * @param known before it
 * @returns the path of the file; `undefined` where nothing was delivered
 */
export async function writeRecord(
  commit: string,
  delivered: readonly DeliveredImage[],
  known: KnownBuilds,
): Promise<string | undefined> {
  const made = delivered.flatMap((one) => recorded(one, known));
  if (made.length === 0) {
    return undefined;
  }
  const isOf = (one: RecordedImage) => (other: RecordedImage) =>
    one.repository === other.repository && one.tag === other.tag;
  // An attempt that has less to do takes the place of one that did more: the run has built all of it.
  const images = [...made, ...known.delivered.filter((before) => !made.some(isOf(before)))];
  const earlier = carriedOn(images, known.all);
  const folder = join(process.env.RUNNER_TEMP ?? tmpdir(), BUILD_RECORD_ARTIFACT);
  const file = join(folder, BUILD_RECORD_FILE);
  await mkdir(folder, { recursive: true });
  await writeFile(file, writeBuildRecord({ version: 1, commit, images, ...(earlier.length > 0 && { earlier }) }));
  return file;
}
