import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { withNewerHead } from '../../../src/ops/verbs/previews/feedback/comment.js';
import { forkPull, label, ticking } from './fork-pulls.js';
import {
  BRANCH,
  errorsOf,
  imagesOf,
  lines,
  opsFiles,
  type PreviewStage,
  previewStage,
  requestLines,
  type TestPull,
} from './support.js';

const labelled = opsFiles('previews: { host: staging, forks: labelled }');
/** Labels as somebody with a role in the apps repository. */
async function labelAs({ stage }: PreviewStage, { number }: TestPull, login: string, role: 'triage' | 'maintain') {
  stage.github.repository('acme/apps').role(login, role);
  const answer = await fetch(`${stage.apiUrl}/repos/acme/apps/issues/${number}/labels`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${stage.github.issueToken({ actor: login })}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ labels: ['preview'] }),
  });
  expect(answer.status).toBe(200);
}

/** The trusted second phase: no event of a pull request, only its number and head. */
function trusted(world: PreviewStage, pull: TestPull, inputs: Record<string, string> = {}) {
  return world.create(pull, { number: String(pull.number), 'head-sha': pull.head, ...inputs });
}

describe('a pull request from a fork', () => {
  test('has no environment unless the policy says so', async () => {
    await using world = await previewStage();
    const pull = await forkPull(world);
    await label(world, pull);
    const run = await trusted(world, pull);
    expect(run.exitCode).toBe(1);
    expect(errorsOf(run)).toContain('#1 comes from a fork, and the policy gives forks no previews');
    expect(await world.previews()).toEqual({ active: [], queued: [] });
  });

  test('has none without the label', async () => {
    await using world = await previewStage(labelled, 'acme/apps', '', ticking());
    const pull = await forkPull(world);
    await label(world, pull, 'bug');
    expect(errorsOf(await trusted(world, pull))).toContain('comes from a fork and has no label "preview"');
  });

  test('has one for the commit that was labelled', async () => {
    await using world = await previewStage(labelled, 'acme/apps', '', ticking());
    const pull = await forkPull(world);
    await label(world, pull);
    const run = await trusted(world, pull);
    expect(errorsOf(run)).toBe('');
    expect(lines(run)).toEqual(['pr-1: opened, deploying']);
  });

  test('has one where a person who may write has added the label, and none where one who may only triage has', async () => {
    await using world = await previewStage(labelled, 'acme/apps', '', ticking());
    const pull = await forkPull(world);
    await labelAs(world, pull, 'tess', 'triage');
    const refused = await trusted(world, pull);
    expect(errorsOf(refused)).toContain('its label "preview" was added by tess, who may not write to acme/apps');
    await world.rest('DELETE', `/repos/acme/apps/issues/${pull.number}/labels/preview`);
    await labelAs(world, pull, 'mira', 'maintain');
    expect(lines(await trusted(world, pull))).toEqual(['pr-1: opened, deploying']);
  });

  test('reports after a push that its environment is outdated, until the label counts for the new commit', async () => {
    await using world = await previewStage(labelled, 'acme/apps', '', ticking());
    const pull = await forkPull(world);
    await label(world, pull);
    await trusted(world, pull);
    const [before = ''] = await world.comments(pull);
    const pushed = await pull.push();
    const after = await world.cleanup(undefined, { mode: 'repository' });
    expect(lines(after)).toEqual(['pr-1: kept, deploying']);
    const note = `**Outdated:** the pull request is at \`${pushed.head.slice(0, 7)}\` now.`;
    const [outdated = ''] = await world.comments(pull);
    expect(outdated).toContain(note);
    expect(withNewerHead(outdated, undefined)).toBe(before);
    const again = await world.cleanup(undefined, { mode: 'repository' });
    expect(requestLines(again)).not.toContain('CommentPreviews 200');
    await world.rest('DELETE', `/repos/acme/apps/issues/${pull.number}/labels/preview`);
    await label(world, pull);
    expect(lines(await trusted(world, pushed))).toEqual(['pr-1: updated, deploying']);
    expect((await world.comments(pull)).join()).not.toContain('Outdated');
  });

  test('has none for a commit that was pushed after the label', async () => {
    await using world = await previewStage(labelled, 'acme/apps', '', ticking());
    const pull = await forkPull(world);
    await label(world, pull);
    const pushed = await pull.push();
    const run = await trusted(world, pushed);
    expect(errorsOf(run)).toContain(`its label "preview" is not younger than the commit ${pushed.head.slice(0, 7)}`);
    expect(await world.previews()).toEqual({ active: [], queued: [] });
    const late = await trusted(world, pull);
    expect(errorsOf(late)).toContain(`is at ${pushed.head.slice(0, 7)} now`);
  });

  test('has none where label and push fall into the same second', async () => {
    const now = new Date();
    await using world = await previewStage(labelled, 'acme/apps', '', () => now);
    const pull = await forkPull(world);
    await label(world, pull);
    expect(errorsOf(await trusted(world, pull))).toContain('is not younger than the commit');
  });
});

/** Content of every file of the ops repository, by path. */
async function opsContent({ rest, ops }: PreviewStage): Promise<Map<string, string>> {
  const schema = v.object({ tree: v.array(v.object({ path: v.string(), type: v.string(), sha: v.string() })) });
  const { tree } = v.parse(schema, await rest('GET', `/repos/acme/ops/git/trees/${await newest(ops)}?recursive=1`));
  return new Map(tree.flatMap(({ path, type, sha }) => (type === 'blob' ? [[path, sha] as const] : [])));
}

/** The branch of previews, and what it is made of before it is there. */
async function newest(ops: PreviewStage['ops']): Promise<string> {
  return (await ops.refs())[`refs/heads/${BRANCH}`] === undefined ? 'main' : BRANCH;
}

describe('what a fork may choose', () => {
  test('a branch and a title lead nowhere and are in the record alone', async () => {
    await using world = await previewStage(labelled, 'acme/apps', '', ticking());
    const before = await opsContent(world);
    const marker = '<!-- ostack:preview pr-2 -->';
    const title = `../../overlays/production/x.yaml\n---\nkind: ClusterRoleBinding $(id) \${HOME} ${marker}`;
    const pull = await forkPull(world, { branch: 'topic";$(id);/x', title });
    await label(world, pull);
    expect(lines(await trusted(world, pull))).toEqual(['pr-1: opened, deploying']);
    const after = await opsContent(world);
    const changed = [...after].flatMap(([path, content]) => (before.get(path) === content ? [] : [path]));
    expect(changed).toEqual([
      'previews/clusters/staging/ostack-previews.yaml',
      'previews/clusters/staging/pr-1.yaml',
      ...['kustomization.yaml', 'my-app/kustomization.yaml', 'namespace.yaml', 'network-policy.yaml'].map(
        (file) => `previews/pr-1/${file}`,
      ),
      ...['other/kustomization.yaml', 'quota.yaml'].map((file) => `previews/pr-1/${file}`),
      'previews/records/pr-1.yaml',
    ]);
    expect([...before.keys()].filter((path) => !after.has(path))).toEqual([]);
    for (const path of changed.filter((each) => !each.startsWith('previews/records/'))) {
      expect(await world.ops.read(BRANCH, path)).not.toMatch(/ClusterRoleBinding|topic|HOME/);
    }
    const [{ message } = { message: '' }] = await world.ops.log(BRANCH);
    expect(message).not.toContain('ClusterRoleBinding');
    expect((await world.comments(pull)).join('\n')).not.toMatch(/ClusterRoleBinding|pr-2/);
  });

  test.each(['../../overlays/production', '..', 'my-app/../../x', 'namespace.yaml', 'a\nb', '$(id)', '-h'])(
    'an app called %j leads to no file',
    async (app) => {
      await using world = await previewStage(labelled, 'acme/apps', '', ticking());
      const before = await opsContent(world);
      const pull = await forkPull(world);
      await label(world, pull);
      for (const inputs of [
        { images: imagesOf(pull).replace('"my-app"', JSON.stringify(app)) },
        { images: '[]', affected: JSON.stringify([app]) },
      ]) {
        const run = await trusted(world, pull, inputs);
        expect(run.exitCode).toBe(1);
        expect(errorsOf(run)).not.toBe('');
      }
      expect(await opsContent(world)).toEqual(before);
    },
  );

  test('a registry that is no registry, and a tag that is a command, are refused', async () => {
    await using world = await previewStage(labelled, 'acme/apps', '', ticking());
    const before = await opsContent(world);
    const pull = await forkPull(world);
    await label(world, pull);
    const images = imagesOf(pull);
    for (const hostile of [
      images.replace('ghcr.io/acme/my-app', 'ghcr.io/acme/my-app\\nkind: Secret'),
      images.replace(`pr-1-${pull.head}`, '$(id)'),
      images.replace(/sha256:a+/, 'latest'),
    ]) {
      expect((await trusted(world, pull, { images: hostile })).exitCode).toBe(1);
    }
    expect(await opsContent(world)).toEqual(before);
  });
});
