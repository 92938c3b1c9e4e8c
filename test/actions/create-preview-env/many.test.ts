import { describe, expect, test } from '@jest/globals';
import { deployment } from '../../support/deployment.js';
import { copyPreview } from './copies.js';
import { BRANCH, lines, OPS_FILES, PERSON, type PreviewRun, previewStage, type TestPull } from './support.js';

/** The same ops repository with its apps as a group. */
const GROUP: Record<string, string> = {
  'ostack.yaml': OPS_FILES['ostack.yaml'] ?? '',
  'clusters/staging/previews/ostack-previews.yaml': OPS_FILES['clusters/staging/previews/ostack-previews.yaml'] ?? '',
  ...Object.fromEntries(
    Object.entries(OPS_FILES).flatMap(([path, text]) =>
      path.startsWith('bases/') ? [[path.replace('bases/', 'apps/base/'), text]] : [],
    ),
  ),
  'apps/overlays/staging/kustomization.yaml':
    'resources: [../../base/my-app, ../../base/other]\npatches: [{ path: my-app/version.yaml }, { path: other/version.yaml }]\n',
  'apps/overlays/staging/my-app/version.yaml': deployment(
    'my-app',
    '{ name: main, image: "ghcr.io/acme/my-app:1.3.0" }',
  ),
  'apps/overlays/staging/other/version.yaml': deployment('other', '{ name: main, image: "ghcr.io/acme/other:7.0.0" }'),
};

interface Layout {
  files: Record<string, string>;
  /** What a release of the other app changes, and what a change of its base does. */
  release: string;
  base: string;
}

const LAYOUTS: [string, Layout][] = [
  [
    'an overlay for each app',
    {
      files: OPS_FILES,
      release: 'overlays/staging/other/kustomization.yaml',
      base: 'bases/other/deployment.yaml',
    },
  ],
  [
    'a group of apps',
    {
      files: GROUP,
      release: 'apps/overlays/staging/other/version.yaml',
      base: 'apps/base/other/deployment.yaml',
    },
  ],
];

const INGRESS = `
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: other }
spec: { rules: [{ host: other.acme.dev, http: { paths: [] } }] }
`;

describe.each(LAYOUTS)('with %s', (_, { files, release, base }) => {
  /** What a run for the first pull request does where the deployed branch has gone on, with so many previews. */
  async function runAfter(count: number, path: string, change: (text: string) => string) {
    await using world = await previewStage(files);
    const pulls: TestPull[] = [];
    for (let index = 1; index <= count; index += 1) {
      pulls.push(await world.openPull(`branch-${index}`));
    }
    const [first = { number: 0, head: '', branch: '' }, last = first] = [pulls[0], pulls.at(-1)];
    await world.create(first);
    await copyPreview(world, pulls);
    // Tells of the copies, too.
    await world.create(first);
    const file = `previews/pr-${last.number}/other/kustomization.yaml`;
    const before = await world.ops.read(BRANCH, file);
    await world.ops.commit('main', { [path]: change(files[path] ?? '') }, 'a change', PERSON);
    const run = await world.create(first);
    const [comment = ''] = await world.comments(last);
    return { run, before, file: await world.ops.read(BRANCH, file), comment };
  }

  test('a release of another app moves the preview that a run is for, and no other one', async () => {
    const { run, before, file } = await runAfter(2, release, (text) => text.replace('7.0.0', '7.1.0'));
    expect(lines(run)).toEqual(['pr-1: updated, deploying', 'pr-2: kept, deploying']);
    expect(file).toBe(before);
  });

  test('a base moves all of them, with as few requests for many as for two', async () => {
    const change = (text: string) => text + INGRESS;
    const [two, many] = [await runAfter(2, base, change), await runAfter(5, base, change)];
    expect(requestsOf(many.run)).toEqual(requestsOf(two.run));
    expect(many.run.requests.length).toBeLessThanOrEqual(18);
    expect(many.file).toContain('other.pr-5.preview.acme.dev');
    // What the comment says is of its commit, and so it stays right.
    expect(many.comment).toMatch(
      /As of \[[0-9a-f]{7}\]\(\S+\/acme\/ops\/commit\/[0-9a-f]{40}\) in ops\. What it has now: \[its files\]/,
    );
    expect(many.comment).not.toContain('other.pr-5');
  });
});

function requestsOf({ requests }: PreviewRun): string[] {
  return requests.map(({ method, path, operation }) => operation ?? `${method} ${path}`);
}
