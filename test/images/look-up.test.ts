import { beforeAll, describe, expect, test } from '@jest/globals';
import { openGit } from '../../src/git/git.js';
import type { EarlierImage, RecordedImage } from '../../src/images/build-record.js';
import { knownBuilds } from '../../src/images/known-builds.js';
import { lookUp, tagsOfBuild } from '../../src/images/look-up.js';
import type { Manifest } from '../../src/images/registry.js';
import { openSeenFiles } from '../../src/images/seen-files.js';
import { buildSettings } from '../support/build-settings.js';
import type { GitRepository } from '../support/git-repository.js';
import { repositoryOf, tagOf, WEB } from './content-support.js';

const OURS = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;
const REVISION = 'org.opencontainers.image.revision';
const COMMIT = '1'.repeat(40);
const LAYERS = `sha256:${'c'.repeat(64)}`;

describe('what is taken instead of a build', () => {
  let checkout: GitRepository;
  let key: string;
  beforeAll(async () => {
    checkout = await repositoryOf();
    key = await tagOf(checkout);
  });

  interface Ground {
    space?: 'release' | 'previews';
    /** What the registry has, by tag or digest. */
    there?: Record<string, string>;
    recorded?: EarlierImage[];
    /** What an earlier attempt of the run delivered. */
    delivered?: RecordedImage[];
    /** Whether a release of ours may have pushed what nobody recorded. */
    mayBeOurs?: boolean;
  }

  async function taken({ space = 'release', there = {}, recorded = [], mayBeOurs = false, delivered = [] }: Ground) {
    const asked: string[] = [];
    const said: string[] = [];
    const { root } = checkout;
    const git = openGit({ cwd: root, serverUrl: 'http://127.0.0.1:1', repository: 'acme/apps', token: '' });
    const revision = (await git.read(['rev-parse', 'HEAD'])).trim();
    const { image, existing, foreign, strange } = await lookUp(WEB, buildSettings(root, { revision, space }), {
      files: openSeenFiles(git, root),
      engine: { name: 'buildx', baseDigest: async () => `sha256:${'a'.repeat(64)}` },
      registry: {
        async manifest(_path, reference): Promise<Manifest | undefined> {
          asked.push(reference);
          const digest = there[reference];
          const content = Buffer.from(JSON.stringify({ annotations: { [REVISION]: COMMIT } }));
          return digest === undefined ? undefined : { digest, mediaType: '', content };
        },
        request: () => Promise.reject(new Error('nobody asks')),
      },
      known: knownBuilds(recorded, {
        async mayHaveMade(digest, revision) {
          said.push(`${digest} of ${revision}`);
          return mayBeOurs;
        },
        delivered,
      }),
      notice: () => {},
      warn: () => {},
    });
    return { key: image.key, layers: image.layers, digest: existing?.digest, foreign, strange, asked, said };
  }
  const record = (digest = OURS): EarlierImage => ({ repository: WEB.repository, key, digest });

  test('of a release is what was recorded and stands under its key', async () => {
    const found = await taken({ there: { [key]: OURS }, recorded: [record()] });
    expect(found).toMatchObject({ key, digest: OURS, foreign: undefined, asked: [key] });
  });

  test('of a release is what was recorded, where nothing stands under its key any more', async () => {
    expect(await taken({ there: { [OURS]: OURS }, recorded: [record()] })).toMatchObject({ digest: OURS });
    expect(await taken({ recorded: [record()] })).toMatchObject({ digest: undefined, foreign: undefined });
  });

  test('of a release is nothing that nobody recorded', async () => {
    const elsewhere = [
      { ...record(), repository: 'ghcr.io/acme/other' },
      { ...record(), key: 'content-other' },
    ];
    for (const recorded of [[], elsewhere]) {
      const found = await taken({ there: { [key]: OTHER }, recorded, mayBeOurs: true });
      expect(found).toMatchObject({ key, digest: undefined, foreign: undefined, strange: undefined });
      expect(found.said).toEqual([`${OTHER} of ${COMMIT}`]);
      expect(await taken({ recorded })).toMatchObject({ digest: undefined, strange: undefined, said: [] });
    }
  });

  test('of a release is nothing that is of no run of ours, and it is told', async () => {
    expect(await taken({ there: { [key]: OTHER } })).toMatchObject({ digest: undefined, strange: OTHER });
  });

  test('is pushed under its key, unless somebody else has written that', () => {
    const image = { ...WEB, tags: ['1.0.0'], key };
    expect(tagsOfBuild({ image, existing: undefined })).toEqual(['1.0.0', key]);
    expect(tagsOfBuild({ image, existing: undefined, strange: OTHER })).toEqual(['1.0.0']);
    expect(tagsOfBuild({ image: { ...image, key: undefined }, existing: undefined })).toEqual(['1.0.0']);
  });

  test('is nothing where another image stands under the key than was recorded, and both digests are told', async () => {
    const { digest, foreign } = await taken({ there: { [key]: OTHER, [OURS]: OURS }, recorded: [record()] });
    expect(digest).toBeUndefined();
    expect(foreign).toContain(
      `${WEB.repository}:${key} is ${OTHER}, and the release that built this content recorded ${OURS}.`,
    );
  });

  test('is what an earlier attempt of the same run delivered, whatever was recorded before it', async () => {
    const own = { app: 'shop', repository: WEB.repository, digest: OURS, tag: WEB.tags[0] ?? '', key: 'content-old' };
    const ground = { there: { [OURS]: OURS, [key]: OTHER }, recorded: [record(OTHER)], delivered: [own] };
    expect(await taken(ground)).toMatchObject({ digest: OURS, key: 'content-old', asked: [OURS] });
    expect(await taken({ ...ground, delivered: [{ ...own, tag: '0.9.0' }] })).toMatchObject({ digest: OTHER, key });
    expect(await taken({ ...ground, there: { [key]: OTHER } })).toMatchObject({ digest: OTHER, key });
    expect(await taken({ ...ground, space: 'previews' })).toMatchObject({ digest: OTHER, key });
  });

  test('of a pull request is what stands in its own space, whatever was recorded', async () => {
    expect(await taken({ space: 'previews', there: { [key]: OTHER }, recorded: [record()] })).toMatchObject({
      ...{ digest: OTHER, foreign: undefined, layers: undefined },
    });
  });

  test('are layers that a release recorded, of whatever content', async () => {
    const before = { repository: WEB.repository, key: 'content-before', digest: OTHER, layers: LAYERS };
    expect(await taken({ recorded: [before] })).toMatchObject({ digest: undefined, layers: LAYERS });
    expect(await taken({ space: 'previews', recorded: [before] })).toMatchObject({ layers: undefined });
  });
});
