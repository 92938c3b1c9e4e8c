// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how expressions look
import { access } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RunResult } from '../../src/local/runner/events.js';
import { jobsOf, openScene, PATIENCE_MS, person, play, previewFiles, type Scene } from './support.js';

/** Where a command would leave a trace that was hidden in a name. */
const TRACE = '/tmp/ostack-fork-was-here';
const COMMAND = '$(touch${IFS}/tmp/ostack-fork-was-here)';

/** A branch's name may hold all this. */
const BRANCH = `topic";${COMMAND};"\`id\``;
const TITLE = `feat: \${{ secrets.OSTACK_APP_PRIVATE_KEY }} "; ${COMMAND} | ../../overlays/production\n::set-output name=x::y`;

/** Prints all that a job of the fork can see, in pieces that no mask would hide. */
const SPY = `env | grep -i -E 'key|token|secret|password' | sed 's/./& /g'; git config --list | sed 's/^/config /'`;

/** What the fork changes. */
const CHANGE = {
  // Settings that lead elsewhere, and a command of its own.
  'ostack.yaml': `ops: mallory/ops\nworkspace: kube-system\nregistry: evil.example/mallory\napps:\n  mailer:\n    test: ${JSON.stringify(SPY)}\n`,
  'apps/mailer/src/main.js': 'process.exit(0);\n',
  '.github/workflows/theirs.yml': `
name: Theirs
on: pull_request
permissions: write-all
jobs:
  spy:
    runs-on: ubuntu-latest
    steps:
      - env: { KEY: "\${{ secrets.OSTACK_APP_PRIVATE_KEY }}", ID: "\${{ vars.OSTACK_APP_CLIENT_ID }}", TOKEN: "\${{ github.token }}" }
        run: |
          echo "key=[$KEY] id=[$ID]"
          curl -s -o /dev/null -w 'write %{http_code}\\n' -X POST -H "authorization: Bearer $TOKEN" "$GITHUB_API_URL/repos/acme/apps/issues/1/comments" -d '{"body":"mine"}'
          curl -s -o /dev/null -w 'ops %{http_code}\\n' -H "authorization: Bearer $TOKEN" "$GITHUB_API_URL/repos/acme/ops/contents/ostack.yaml"
`,
};

describe('a pull request from a fork', () => {
  let scene: Scene;
  let runs: RunResult[] = [];
  let opsBefore: unknown;
  beforeAll(async () => {
    scene = await openScene({ openSource: true });
    const fork = await scene.stage.github.fork('acme/apps', 'mallory/apps');
    await scene.stage.github.createRepository('mallory/ops', { files: { 'README.md': 'A trap\n' } });
    await fork.commit(BRANCH, CHANGE, TITLE);
    opsBefore = await scene.ops.refs();
    const mallory = person(scene, 'mallory', ['mallory/apps']);
    runs = await play(scene, () => mallory.open(`mallory:${BRANCH}`, TITLE));
  }, PATIENCE_MS);
  afterAll(async () => {
    await scene[Symbol.asyncDispose]();
  });

  test('has its tests run, and nothing else', () => {
    const skipped = 'skipped';
    expect(jobsOf(runs)).toEqual({
      test: expect.any(String),
      images: skipped,
      preview: skipped,
      cleanup: skipped,
      'delete-images': skipped,
      result: expect.any(String),
    });
    expect(runs.map(({ workflow }) => workflow).sort()).toEqual(['Pull request', 'Theirs']);
  });

  test('sees no secret, in a workflow of its own or in a test command, and can write nothing', () => {
    const text = scene.log.join('\n');
    expect(text).toContain('$ env | grep');
    expect(text).toContain('key=[] id=[]');
    expect(text).toContain('write 403');
    expect(text).toMatch(/ops (403|404)/);
    const key = scene.runner.secrets.of('acme/apps').OSTACK_APP_PRIVATE_KEY ?? '';
    expect(key).toContain('PRIVATE KEY');
    expect(text).not.toContain(key.split('\n')[1]);
    expect(text.replaceAll(' ', '')).not.toContain(key.split('\n')[1]);
  });

  test('leaves the ops repository and the registry alone', async () => {
    expect(await scene.ops.refs()).toEqual(opsBefore);
    expect(await previewFiles(scene)).toEqual([]);
    expect(scene.stage.github.requests.filter(({ repository }) => repository?.startsWith('mallory/ops'))).toEqual([]);
  });

  test('runs no command that is hidden in a name', async () => {
    await expect(access(TRACE)).rejects.toThrow('ENOENT');
  });

  test(
    'with an app whose name is a command is refused with the name of the folder',
    async () => {
      const fork = scene.stage.github.repository('mallory/apps');
      await fork.commit('folder', { [`apps/$(touch\${IFS}..${TRACE})/Dockerfile`]: 'FROM scratch\n' }, 'feat: mine');
      const mallory = person(scene, 'mallory', ['mallory/apps']);
      const folder = await play(scene, () => mallory.open('mallory:folder', 'feat: mine'));
      expect(jobsOf(folder)).toMatchObject({ test: 'failure', preview: 'skipped', result: 'failure' });
      await expect(access(TRACE)).rejects.toThrow('ENOENT');
      expect(await scene.ops.refs()).toEqual(opsBefore);
    },
    PATIENCE_MS,
  );

  test('gets no environment when it is labelled either, where the policy gives forks none', async () => {
    const ada = person(scene, 'ada');
    await play(scene, () => ada.label(1, 'preview'));
    expect(await previewFiles(scene)).toEqual([]);
  });

  test(
    'that is closed has nothing to clean up, and no secret to do it with',
    async () => {
      const closed = await play(scene, () => person(scene, 'ada').set(1, 'closed'));
      expect(jobsOf(closed)).toMatchObject({ cleanup: 'skipped', result: 'success' });
    },
    PATIENCE_MS,
  );
});
