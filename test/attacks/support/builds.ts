/** Attacks on what a release takes for a build of its own, and the honest way beside each. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import { type BuildRecord, readBuildRecord } from '../../../src/images/build-record.js';
import { RegistryClient } from '../../../src/images/registry.js';
import { type Stage, startStage } from '../../../src/local/stage.js';
import { release, standInEngine } from '../../actions/build-push-image/support.js';
import { clone } from '../../support/git.js';
import { type GitRepository, gitRepositoryAt } from '../../support/git-repository.js';
import { type ActionResult, runAction } from '../../support/run-action.js';
import { type DeedOn, tryDeeds } from './folder.js';
import { type Builds, NOW, PATH, WORKFLOW } from './records.js';

export { type Builds, forged, leaveRecord, leaveRun, TAKEN, takes } from './records.js';

/** What came of it is what a release takes then. */
export type Deed = DeedOn<[builds: Builds]>;

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

  tryDeeds(folder, deeds, () => [builds]);
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

/** Runs the release that comes now. @returns what is told, and each image with whether it was built or reused */
export async function runRelease(
  { stage, checkout }: Pick<Builds, 'stage' | 'checkout'>,
  version: string,
  env: Record<string, string> = {},
  inputs: Record<string, string> = {},
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
      ...inputs,
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
