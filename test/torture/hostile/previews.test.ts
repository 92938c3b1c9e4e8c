import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { stageEnv } from '../../actions/bump-ops-overlay/support.js';
import { DIGEST, type PreviewStage, previewStage } from '../../actions/create-preview-env/support.js';
import { record } from '../table.js';
import { EVERYTHING, LINES, ONE_LINE, REFS } from './values.js';
import { type Watched, watched } from './watch.js';
import { violationsIn } from './written.js';

/** Places that only actions write to, and what is in them by their names alone. */
const MEANT =
  /^(ostack\.yaml|bases\/|overlays\/|\.ostack\/previews\/[a-z0-9-]+\.yaml$|previews\/[a-z0-9-]+\/|clusters\/staging\/previews\/)/;

const PREVIEWS = Array.from({ length: 9 }, (_, at) => `https://my-app.pr-${at + 1}.preview.acme.dev`);

let world: PreviewStage;
let scratch: string;
beforeAll(async () => {
  world = await previewStage();
  scratch = await mkdtemp(join(tmpdir(), 'ostack-hostile-'));
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true, force: true });
});

async function act(action: string, event: object, inputs: Record<string, string> = {}): Promise<Watched> {
  const { stage } = world;
  const file = join(scratch, 'event.json');
  await writeFile(file, JSON.stringify(event));
  const run = await watched({
    action,
    inputs: { token: stage.token, 'github-token': stage.token, 'poll-interval': '0s', ...inputs },
    env: {
      ...stageEnv(stage),
      ...{ GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: file, GITHUB_HEAD_REF: REFS[0]?.value ?? '' },
      ...{ GITHUB_ACTOR: ONE_LINE },
    },
    secrets: [stage.token],
    servers: [stage.serverUrl, ...PREVIEWS],
  });
  const written = await violationsIn(stage, 'acme/apps', [], [stage.token], PREVIEWS);
  const commits = await violationsIn(stage, 'acme/ops', ['main']);
  const tree = JSON.stringify(await world.rest('GET', '/repos/acme/ops/git/trees/main?recursive=1'));
  const paths = [...tree.matchAll(/"path":"([^"]+)","mode":"(\d+)","type":"blob"/g)];
  const strange = paths.filter(([, path, mode]) => !MEANT.test(path ?? '') || mode !== '100644').map(([path]) => path);
  const violations = [...run.violations, ...written, ...commits, ...strange.map((path) => `in ops: ${path}`)];
  expect(paths.length).toBeGreaterThan(5);
  record({ scenario: `hostile input: ${action}`, tried: 1, survived: violations.length === 0 ? 1 : 0 });
  return { ...run, violations };
}

test('branches, titles, bodies and labels of pull requests do nothing in previews', async () => {
  for (const { value } of process.env.OSTACK_TORTURE === 'all' ? REFS : REFS.slice(0, 2)) {
    const pull = await world.openPull(value, ONE_LINE);
    await world.rest('PATCH', `/repos/acme/apps/pulls/${pull.number}`, { body: EVERYTHING });
    const event = {
      action: 'synchronize',
      number: pull.number,
      pull_request: {
        number: pull.number,
        title: ONE_LINE,
        body: EVERYTHING,
        head: { sha: pull.head, ref: value },
        labels: [{ name: ONE_LINE }],
      },
    };
    const image = {
      app: 'my-app',
      image: 'my-app',
      repository: 'ghcr.io/acme/my-app',
      tag: `pr-${pull.number}`,
      digest: DIGEST,
    };
    const images = JSON.stringify([{ ...image, reused: false, platforms: [ONE_LINE] }]);
    expect(await act('create-preview-env', event, { images })).toMatchObject({ exitCode: 0, violations: [] });
    await world.closePull(pull);
    expect(await act('cleanup-preview-env', event)).toMatchObject({ exitCode: 0, violations: [] });
  }
});

test('images and apps that name something else than images and apps are refused', async () => {
  const pull = await world.openPull('good');
  const event = {
    action: 'opened',
    number: pull.number,
    pull_request: { number: pull.number, head: { sha: pull.head } },
  };
  const good = {
    app: 'my-app',
    image: 'my-app',
    repository: 'ghcr.io/acme/my-app',
    tag: 'x',
    digest: DIGEST,
    reused: false,
    platforms: [],
  };
  const values = [...LINES].map(({ value }) => value);
  const fields = ['app', 'repository', 'tag'] as const;
  for (const [at, field] of fields.entries()) {
    const tried = process.env.OSTACK_TORTURE === 'all' ? values : [values[at] ?? '', values[13 - at] ?? ''];
    for (const value of tried) {
      const run = await act('create-preview-env', event, { images: JSON.stringify([{ ...good, [field]: value }]) });
      expect(run.violations).toEqual([]);
    }
  }
});
