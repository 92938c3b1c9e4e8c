// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how expressions look
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import type { LocalRepository } from '../../src/local/stage.js';
import { jobsOf, openScene, PATIENCE_MS, person, play, previewFiles, type Scene } from './support.js';

const MALLORY = { name: 'Mallory', email: 'mallory@evil.dev' };
const UPLOAD = 'actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1';

/** Acme, whose policy gives forks environments, and Mallory's fork. No two things happen in the same second. */
async function openLabelled(): Promise<{ scene: Scene; fork: LocalRepository }> {
  let time = Date.now() - 86_400_000;
  const now = () => {
    time += 1000;
    return new Date(time);
  };
  const scene = await openScene({ openSource: true, now });
  const { ops, stage } = scene;
  const policy = (await ops.read('main', 'ostack.yaml')) ?? '';
  await ops.commit(
    'main',
    { 'ostack.yaml': policy.replace(/^previews:.*\n/m, '$&  forks: labelled\n') },
    'feat: forks',
  );
  return { scene, fork: await stage.github.fork('acme/apps', 'mallory/apps') };
}

const open = (scene: Scene, branch: string) =>
  person(scene, 'mallory', ['mallory/apps']).open(`mallory:${branch}`, `feat: ${branch}`);

/** How the two halves ended. */
const halves = (runs: Parameters<typeof jobsOf>[0]) => ({
  ...jobsOf(runs, 'Fork images'),
  ...jobsOf(runs, 'Fork preview'),
});

/** The repositories of the registry. */
async function repositories({ stage }: Scene): Promise<string[]> {
  const answer = await fetch(`http://${stage.registry}/v2/_catalog`);
  return v.parse(v.object({ repositories: v.array(v.string()) }), await answer.json()).repositories;
}

describe('a pull request from a fork, where the policy gives labelled ones an environment', () => {
  let scene: Scene;
  let fork: LocalRepository;
  beforeAll(async () => {
    ({ scene, fork } = await openLabelled());
    await fork.commit('nicer', { 'apps/mailer/nicer.txt': 'one\n' }, 'feat: nicer', MALLORY);
    await play(scene, () => open(scene, 'nicer'));
  }, PATIENCE_MS);
  afterAll(async () => {
    await scene[Symbol.asyncDispose]();
  });

  test(
    'gets one when a maintainer labels it, at images that were built without a secret',
    async () => {
      expect(await previewFiles(scene)).toEqual([]);
      const ada = person(scene, 'ada');
      const runs = await play(scene, () => ada.label(1, 'preview'));
      expect(halves(runs)).toEqual({ images: 'success', preview: 'success' });
      const head = (await fork.refs())['refs/heads/nicer'];
      const overlay = await scene.ops.read('ostack/previews', 'previews/pr-1/mailer/kustomization.yaml');
      expect(overlay).toContain(`${scene.stage.registry}/acme/quarantine/mailer`);
      expect(overlay).toMatch(/digest: "?sha256:[0-9a-f]{64}/);
      expect(await scene.ops.read('ostack/previews', 'previews/records/pr-1.yaml')).toContain(head);
      expect((await ada.comments(1)).join('\n')).toContain('### Preview `pr-1`: deploying');
      expect(await repositories(scene)).toEqual(['acme/quarantine/mailer']);
    },
    PATIENCE_MS,
  );

  test(
    'keeps it as it was labelled when more is pushed, and when it gets another label',
    async () => {
      const before = await scene.ops.read('ostack/previews', 'previews/records/pr-1.yaml');
      const pushed = await play(scene, () =>
        fork.commit('nicer', { 'apps/mailer/nicer.txt': 'two\n' }, 'feat: nicer still', MALLORY),
      );
      expect(halves(pushed)).toEqual({ images: 'skipped', preview: 'success' });
      const labelled = await play(scene, () => person(scene, 'ada').label(1, 'bug'));
      expect(halves(labelled)).toEqual({ images: 'skipped', preview: 'success' });
      expect(await scene.ops.read('ostack/previews', 'previews/records/pr-1.yaml')).toBe(before);
    },
    PATIENCE_MS,
  );

  test(
    'obeys no command of whoever may not write, and a label for a command starts nothing with a secret there',
    async () => {
      const before = await scene.ops.read('ostack/previews', 'previews/records/pr-1.yaml');
      const ada = person(scene, 'ada');
      const say = (who: ReturnType<typeof person>, body: string) =>
        play(scene, () => who.rest.issues.createComment({ ...who.at, issue_number: 1, body }));
      scene.apps.role('mallory', 'read');
      expect(jobsOf(await say(person(scene, 'mallory'), '/preview keep 7d'), 'Preview command')).toEqual({
        command: 'success',
      });
      expect(await scene.ops.read('ostack/previews', 'previews/records/pr-1.yaml')).toBe(before);
      expect(jobsOf(await play(scene, () => ada.label(1, 'preview-remove')), 'Preview command')).toEqual({
        command: 'skipped',
      });
      expect(await scene.ops.read('ostack/previews', 'previews/records/pr-1.yaml')).toBe(before);
      expect((await ada.comments(1)).join('\n')).toContain('mallory may not write to acme/apps');
    },
    PATIENCE_MS,
  );

  test(
    'loses it when it is closed',
    async () => {
      const ada = person(scene, 'ada');
      const closed = await play(scene, () => ada.set(1, 'closed'));
      expect(halves(closed)).toEqual({ images: 'skipped', preview: 'success' });
      expect(await previewFiles(scene)).toEqual([]);
      expect((await ada.comments(1)).join('\n')).toContain('### Preview `pr-1`: removed');
    },
    PATIENCE_MS,
  );
});

/** What a run of Mallory's leaves instead, and how it is answered. */
const archives: [name: string, script: string, message: string][] = [
  [
    'content that is not what its digest says',
    'hex=$(printf a%.0s $(seq 64)); mkdir -p out/mailer/blobs/sha256; echo "{}" > out/mailer/blobs/sha256/$hex; list mailer $hex',
    'The image "mailer" of the archive is refused: its content sha256:aaaa',
  ],
  [
    'an image that the default branch does not have',
    'list miner $(printf a%.0s $(seq 64))',
    'The archive is refused: it has the image "miner" of the app "mailer", which the default branch does not have',
  ],
  [
    'the number of a pull request of somebody else',
    'list mailer $(printf a%.0s $(seq 64)); echo 1 > out/number',
    'The archive is refused: it says that it is for #1, and what mallory/apps has open at',
  ],
  [
    'a path that leads out of it',
    'list ../../mailer $(printf a%.0s $(seq 64))',
    'The archive is refused: it has the image "../../mailer" of the app "mailer"',
  ],
  [
    'a digest that leads out of it',
    'list mailer ../../../../../number',
    'The archive is refused: "images.json" at "0.digest": expected "sha256:" and 64 hex digits',
  ],
];

const theirs = (script: string) => `
name: Fork images
on: { pull_request: { types: [labeled] } }
permissions: {}
jobs:
  images:
    runs-on: ubuntu-latest
    steps:
      - env: { NUMBER: "\${{ github.event.pull_request.number }}" }
        run: |
          list() {
            printf '[{"app":"mailer","image":"%s","repository":"evil.example/x","tag":"x","digest":"sha256:%s","reused":false,"platforms":[]}]' "$1" "$2" > out/images.json
          }
          mkdir out; echo "$NUMBER" > out/number
          ${script}
      - uses: ${UPLOAD}
        with: { name: fork-images, path: out }
`;

describe('a fork whose run leaves something else than images', () => {
  let scene: Scene;
  let fork: LocalRepository;
  let before: unknown;
  beforeAll(async () => {
    ({ scene, fork } = await openLabelled());
    const { apps } = scene;
    await apps.commit('ours', { 'README.md': 'ours\n' }, 'docs: ours');
    await play(scene, () => person(scene, 'ada').open('ours', 'docs: ours'));
    before = await scene.ops.refs();
  }, PATIENCE_MS);
  afterAll(async () => {
    await scene[Symbol.asyncDispose]();
  });

  test.each(archives)(
    'gets nothing with %s',
    async (_name, script, message) => {
      const branch = `topic-${archives.findIndex((each) => each[1] === script)}`;
      const files = { '.github/workflows/fork-images.yml': theirs(script), 'apps/mailer/x.txt': branch };
      await fork.commit(branch, files, 'feat: a gift', MALLORY);
      let number = 0;
      await play(scene, async () => {
        number = await open(scene, branch);
      });
      const runs = await play(scene, () => person(scene, 'ada').label(number, 'preview'));
      expect(halves(runs)).toEqual({ images: 'success', preview: 'failure' });
      expect(scene.log.join('\n')).toContain(message);
      expect(await repositories(scene)).toEqual([]);
      expect(await scene.ops.refs()).toEqual(before);
    },
    PATIENCE_MS,
  );
});
