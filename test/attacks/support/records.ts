/** Records of what releases built, as somebody leaves them, and what the next release takes of them. */
import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '../../../src/github/client.js';
import { type BuildRecord, writeBuildRecord } from '../../../src/images/build-record.js';
import type { KnownBuilds } from '../../../src/images/known-builds.js';
import { readKnownBuilds } from '../../../src/images/read-known-builds.js';
import type { RegistryClient } from '../../../src/images/registry.js';
import { packed } from '../../../src/local/github/http/archive.js';
import type { LocalRepository, Stage } from '../../../src/local/stage.js';
import type { GitRepository } from '../../support/git-repository.js';

export const WORKFLOW = '.github/workflows/release.yml';
/** The repository of the one image in the registry. */
export const PATH = 'acme/shop';
/** Id of the run that releases now; those before it have lower ones. */
export const NOW = 900;

/** An apps repository whose first release is recorded, and a registry that everybody may write to. */
export interface Builds {
  stage: Stage;
  apps: LocalRepository;
  checkout: GitRepository;
  registry: RegistryClient;
  /** Commit of the default branch. */
  head: string;
  /** What the first release recorded, and the key and digest of its image. */
  record: BuildRecord;
  key: string;
  digest: string;
}

/** What the release takes that is recorded as it should be. */
export const TAKEN = /^takes sha256:[0-9a-f]{64}$/;

type Report = Parameters<LocalRepository['reportRun']>[0];

/** What of a run or its artifact is otherwise than of the release that recorded what it built. */
export interface Otherwise {
  run?: Partial<Report>;
  record?: BuildRecord;
  /** Digest that GitHub says the artifact has. */
  digest?: string;
}

/** Leaves a run, as the release workflow does where it recorded nothing. @returns its id */
export async function leaveRun(builds: Builds, run: Partial<Report> = {}): Promise<number> {
  const id = run.id ?? 7;
  await builds.apps.reportRun({
    ...{ id, number: 1, attempt: 1, title: 'feat: a', workflow: 'Release', file: WORKFLOW },
    ...{ event: 'push', actor: 'ada', triggeringActor: 'ada', status: 'completed', conclusion: 'success' },
    ...{ headBranch: 'main', headSha: builds.head, headRepository: 'acme/apps', pulls: [], annotations: [], jobs: [] },
    referenced: [],
    ...run,
  });
  return id;
}

/** Leaves a record of a run, as the release workflow does. */
export async function leaveRecord(builds: Builds, { run = {}, record, digest }: Otherwise = {}): Promise<void> {
  const id = await leaveRun(builds, run);
  const folder = await mkdtemp(join(builds.checkout.root, '.git/record-'));
  const content = writeBuildRecord(record ?? builds.record);
  await writeFile(join(folder, 'images.json'), content);
  const own = createHash('sha256')
    .update(await packed(folder, ['images.json']))
    .digest('hex');
  const stored = { name: 'ostack-images', runId: id, size: content.length, files: ['images.json'], folder };
  builds.apps.addArtifact({ ...stored, digest: digest ?? own }, undefined);
}

/** The record as somebody would like it to be: another image for the same content. */
export function forged({ record }: Builds): BuildRecord {
  return { ...record, images: record.images.map((image) => ({ ...image, digest: `sha256:${'f'.repeat(64)}` })) };
}

type Permissions = NonNullable<Parameters<Stage['github']['issueToken']>[0]['permissions']>;

/** What the next release takes for what was built from its content, or why nothing. */
export async function takes(
  builds: Builds,
  sha = builds.head,
  permissions: Permissions = { actions: 'read', contents: 'read' },
): Promise<string> {
  const told: string[] = [];
  try {
    const known = await knownTo(builds, sha, permissions, told);
    const digest = known.digestOf(`${builds.stage.registry}/${PATH}`, builds.key);
    return digest === undefined ? told.join('\n') : `takes ${digest}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What the next release knows of those before it. @param told gets what it says */
export function knownTo(
  { stage, head }: Builds,
  sha = head,
  permissions: Permissions = { actions: 'read', contents: 'read' },
  told: string[] = [],
  isAgain = false,
): Promise<KnownBuilds> {
  const token = stage.github.issueToken({ repositories: ['acme/apps'], permissions });
  const github = connect({ token, apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl });
  const asking = {
    repository: 'acme/apps',
    ref: 'refs/heads/main',
    sha,
    runId: String(NOW),
    workflow: WORKFLOW,
    isAgain,
  };
  const repository = { owner: 'acme', name: 'apps' };
  return readKnownBuilds({ github, repository }, asking, (words) => told.push(words));
}
