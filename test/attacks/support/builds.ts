/** Attacks on what a release takes for a build of its own, and the honest way beside each. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connect } from '../../../src/github/client.js';
import { type BuildRecord, readBuildRecord, writeBuildRecord } from '../../../src/images/build-record.js';
import { readKnownBuilds } from '../../../src/images/read-known-builds.js';
import { RegistryClient } from '../../../src/images/registry.js';
import { packed } from '../../../src/local/github/http/archive.js';
import { type LocalRepository, type Stage, startStage } from '../../../src/local/stage.js';
import { release, standInEngine } from '../../actions/build-push-image/support.js';
import { clone } from '../../support/git.js';
import { type GitRepository, gitRepositoryAt } from '../../support/git-repository.js';
import { type ActionResult, runAction } from '../../support/run-action.js';

const WORKFLOW = '.github/workflows/release.yml';
/** The repository of the one image in the registry. */
const PATH = 'acme/shop';
/** Id of the run that releases now; those before it have lower ones. */
const NOW = 900;

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

/** One attack and the honest way beside it: each does something and says what a release takes then. */
export interface Deed {
  attack(builds: Builds): Promise<string>;
  refused: string | RegExp;
  honest(builds: Builds): Promise<string>;
  allowed: string | RegExp;
}

/** What the release takes that is recorded as it should be. */
export const TAKEN = /^takes sha256:[0-9a-f]{64}$/;

/** Tries attacks, each of which finds the first release as it was. @param deeds by the names of their files */
export function tryAll(folder: string, deeds: Readonly<Record<string, Deed>>): void {
  let builds: Builds;
  let restore: () => Promise<void>;
  let close: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    ({ builds, close } = await open());
    restore = await builds.stage.github.checkpoint();
  });
  beforeEach(async () => {
    await restore();
    await builds.checkout.git('reset', '--quiet', '--hard', builds.head);
    await setTag(builds, builds.key, builds.digest);
  });
  afterAll(() => close?.());

  test('no attack of the folder is left out', async () => {
    const names = await readdir(join(import.meta.dirname, '..', folder));
    expect(Object.keys(deeds).sort()).toEqual(names.map((file) => file.replace(/\.ts$/, '')).sort());
  });

  const sentences = Object.entries(deeds).map(([name, each]) => [name.replaceAll('-', ' '), each] as const);
  describe.each(sentences)('To %s', (_name, { attack, refused, honest, allowed }) => {
    test('fails with a reason', async () => {
      expect(await attack(builds)).toEqual(expect.stringMatching(refused));
    });
    test('is done in an honest way', async () => {
      expect(await honest(builds)).toEqual(expect.stringMatching(allowed));
    });
  });
}

async function open(): Promise<{ builds: Builds; close: () => Promise<void> }> {
  const stage = await startStage();
  const files = {
    'ostack.yaml': 'apps: { shop: { images: { shop: { context: src, file: Dockerfile } } } }\n',
    'build/Dockerfile': 'FROM scratch\nCOPY . /\n',
    'apps/shop/src/page': 'one\n',
    'README.md': 'Shop\n',
  };
  const apps = await stage.github.createRepository('acme/apps', { files });
  const root = await mkdtemp(join(tmpdir(), 'ostack-builds-'));
  await clone(stage, apps, root, []);
  const checkout = gitRepositoryAt(root);
  await symlink('../../build/Dockerfile', join(root, 'apps/shop/Dockerfile'));
  const head = await pushed(stage, checkout, {});
  const registry = new RegistryClient({ registry: stage.registry });
  const builds = { stage, apps, checkout, registry, head, record: EMPTY, key: '', digest: '' };
  const temp = join(root, '.git/temp');
  await mkdir(temp);
  const first = await runRelease(builds, '1.0.0', { RUNNER_TEMP: temp });
  expect(first.stdout).not.toContain('::error');
  const record = readBuildRecord(await readFile(first.outputs.record ?? '', 'utf8'));
  const [image] = record.images;
  const close = async () => {
    await stage.close();
    await rm(root, { recursive: true, force: true });
  };
  return { builds: { ...builds, record, key: image?.key ?? '', digest: image?.digest ?? '' }, close };
}

const EMPTY: BuildRecord = { version: 1, commit: '0'.repeat(40), images: [] };

/** Commits in the checkout and pushes to the default branch. */
export async function pushed(stage: Stage, checkout: GitRepository, files: Record<string, string>): Promise<string> {
  const head = await checkout.commit(files);
  const token = stage.github.issueToken({ repositories: ['acme/apps'] });
  const address = stage.serverUrl.replace('://', `://x-access-token:${token}@`);
  await checkout.git('push', '--quiet', `${address}/acme/apps`, 'HEAD:refs/heads/main');
  return head;
}

type Report = Parameters<LocalRepository['reportRun']>[0];

/** What of a run or its artifact is otherwise than of the release that recorded what it built. */
export interface Otherwise {
  run?: Partial<Report>;
  record?: BuildRecord;
  /** Digest that GitHub says the artifact has. */
  digest?: string;
}

/** Leaves a record of a run, as the release workflow does. */
export async function leaveRecord(builds: Builds, { run = {}, record, digest }: Otherwise = {}): Promise<void> {
  const id = run.id ?? 7;
  await builds.apps.reportRun({
    ...{ id, number: 1, attempt: 1, title: 'feat: a', workflow: 'Release', file: WORKFLOW },
    ...{ event: 'push', actor: 'ada', triggeringActor: 'ada', status: 'completed', conclusion: 'success' },
    ...{ headBranch: 'main', headSha: builds.head, headRepository: 'acme/apps', pulls: [], annotations: [], jobs: [] },
    referenced: [],
    ...run,
  });
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

/** What the next release takes for what was built from its content, or why nothing. */
export async function takes({ stage, key, head }: Builds, sha = head): Promise<string> {
  const token = stage.github.issueToken({
    repositories: ['acme/apps'],
    permissions: { actions: 'read', contents: 'read' },
  });
  const github = connect({ token, apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl });
  const asking = { repository: 'acme/apps', ref: 'refs/heads/main', sha, runId: String(NOW), workflow: WORKFLOW };
  const told: string[] = [];
  try {
    const repository = { owner: 'acme', name: 'apps' };
    const known = await readKnownBuilds({ github, repository }, asking, (words) => told.push(words));
    const digest = known.digestOf(`${stage.registry}/${PATH}`, key);
    return digest === undefined ? told.join('\n') : `takes ${digest}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Runs the release that comes now. @returns what is told, and each image with whether it was built or reused */
export async function runRelease(
  { stage, checkout }: Pick<Builds, 'stage' | 'checkout'>,
  version: string,
  env: Record<string, string> = {},
): Promise<ActionResult> {
  const sha = await checkout.git('rev-parse', 'HEAD');
  const permissions = { actions: 'read', contents: 'read' } as const;
  return runAction({
    action: 'build-push-image',
    cwd: checkout.root,
    inputs: {
      releases: JSON.stringify([release('shop', version, sha)]),
      registry: `${stage.registry}/acme`,
      'github-token': stage.github.issueToken({ repositories: ['acme/apps'], permissions }),
    },
    env: {
      ...{ GITHUB_REPOSITORY: 'acme/apps', GITHUB_SHA: sha, GITHUB_REF: 'refs/heads/main' },
      ...{ GITHUB_RUN_ID: String(NOW), GITHUB_WORKFLOW_REF: `acme/apps/${WORKFLOW}@refs/heads/main` },
      ...{ GITHUB_SERVER_URL: stage.serverUrl, GITHUB_API_URL: stage.apiUrl, GITHUB_GRAPHQL_URL: stage.graphqlUrl },
      ...(await standInEngine()),
      ...env,
    },
  });
}

/** Puts another image under a tag, as whoever may push can. @returns its digest */
export async function putForeign({ registry }: Builds, tag: string): Promise<string> {
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [],
    annotations: { from: 'mallory' },
  });
  const content = Buffer.from(text);
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  await registry.tag(PATH, { digest, mediaType: 'application/vnd.oci.image.index.v1+json', content }, tag);
  return digest;
}

async function setTag({ registry }: Builds, tag: string, digest: string): Promise<void> {
  const manifest = await registry.manifest(PATH, digest);
  if (manifest === undefined) {
    throw new Error(`The registry has no ${digest}.`);
  }
  await registry.tag(PATH, manifest, tag);
}
