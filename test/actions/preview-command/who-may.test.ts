import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { forkPull, label, ticking } from '../create-preview-env/fork-pulls.js';
import {
  BRANCH,
  errorsOf,
  opsFiles,
  type PreviewRun,
  type PreviewStage,
  previewStage,
  runWith,
  type TestPull,
} from '../create-preview-env/support.js';

const nodeSchema = v.object({ id: v.number(), node_id: v.string() });

/** Pull requests by what they are. */
interface Pulls {
  /** Of the repository, with its preview. */
  own: TestPull;
  /** Closed, and its preview is there still, since no run has seen that. */
  closed: TestPull;
  /** Of a fork, never labelled. */
  stranger: TestPull;
  /** Of a fork that was labelled, and so has its preview; the label has been taken off since. */
  guest: TestPull;
}

let world: PreviewStage;
let pulls: Pulls;
beforeAll(async () => {
  world = await previewStage(opsFiles('previews: { host: staging, forks: labelled }'), 'acme/apps', '', ticking(0));
  const { apps } = world;
  apps.role('writer', 'write');
  apps.role('triager', 'triage');
  apps.role('reader', 'read');
  apps.role('mallory', 'read');
  const own = await world.openPull('change');
  const closed = await world.openPull('over');
  const stranger = await forkPull(world, { branch: 'gift', owner: 'eve' });
  const guest = await forkPull(world, { branch: 'more' });
  await label(world, guest);
  await world.create(own);
  await world.create(closed);
  await world.create(guest, { number: String(guest.number), 'head-sha': guest.head });
  await world.rest('DELETE', `/repos/acme/apps/issues/${guest.number}/labels/preview`);
  await world.closePull(closed);
  pulls = { own, closed, stranger, guest };
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function send(
  actor: string,
  method: string,
  path: string,
  body: string,
): Promise<v.InferOutput<typeof nodeSchema>> {
  const { stage } = world;
  const answer = await fetch(`${stage.apiUrl}/repos/acme/apps/issues/${path}`, {
    method,
    headers: { authorization: `Bearer ${stage.github.issueToken({ actor })}`, 'content-type': 'application/json' },
    body: JSON.stringify({ body }),
  });
  return v.parse(nodeSchema, await answer.json());
}

/**
 * Somebody says something, and the workflow runs for it.
 *
 * @param first what the comment said before it was edited
 * @param meanwhile what happens before it runs
 */
async function say(
  actor: string,
  on: keyof Pulls,
  body: string,
  first = body,
  meanwhile = () => {},
): Promise<PreviewRun> {
  const said = await send(actor, 'POST', `${pulls[on].number}/comments`, first);
  if (first !== body) {
    await send(actor, 'PATCH', `comments/${said.id}`, body);
  }
  meanwhile();
  const event = { name: 'issue_comment', payload: { comment: { node_id: said.node_id } } };
  return runWith(world.stage, 'acme/apps', 'preview-command', event, {});
}

/** The record of a preview, which says all that became of it. */
const record = (on: keyof Pulls) => world.ops.read(BRANCH, `previews/records/pr-${pulls[on].number}.yaml`);

type Row = [who: string, on: keyof Pulls, body: string, outcome: 'refused' | 'none', answer: RegExp, first?: string];

describe('nothing changes where', () => {
  test.each<Row>([
    ['triager', 'own', '/preview sleep', 'refused', /^triager may not write to acme\/apps/],
    ['reader', 'own', '/preview remove', 'refused', /^reader may not write to acme\/apps/],
    ['mallory', 'own', '/preview keep', 'refused', /^mallory may not write to acme\/apps/],
    ['mallory', 'guest', '/preview wake', 'refused', /^mallory may not write to acme\/apps/],
    ['mallory', 'stranger', '/preview redeploy', 'refused', /^mallory may not write to acme\/apps/],
    ['writer[bot]', 'own', '/preview sleep', 'none', /bots cannot/],
    ['writer', 'closed', '/preview keep', 'refused', /^Pull request #2 is closed\.$/],
    ['writer', 'closed', '/preview redeploy', 'refused', /^Pull request #2 is closed\.$/],
    ['writer', 'own', '/preview sleep', 'refused', /^The comment was edited/, 'Nice.'],
    ['writer', 'own', '/preview remove', 'refused', /^The comment was edited/, '/preview keep'],
    ['writer', 'own', '> /preview sleep', 'none', /is no command/],
    ['writer', 'own', '```\n/preview sleep\n```', 'none', /is no command/],
    ['writer', 'own', '`/preview sleep`', 'none', /is no command/],
    ['writer', 'own', '    /preview sleep', 'none', /is no command/],
    ['writer', 'own', '\t/preview sleep', 'none', /is no command/],
    ['writer', 'own', '/preview sleep\r\n/preview wake\r\n', 'refused', /^A command is the whole comment, one line\.$/],
    ['writer', 'own', '/preview slеep', 'refused', /^Expected one of keep/],
    ['writer', 'own', 'Please /preview sleep', 'none', /is no command/],
    ['writer', 'own', '/preview sleep\n/preview wake', 'refused', /^A command is the whole comment, one line\.$/],
    ['writer', 'own', '/preview sleep /preview wake', 'refused', /^Expected nothing after sleep\.$/],
    ['writer', 'own', '/preview sleep wake', 'refused', /^Expected nothing after sleep\.$/],
    ['writer', 'stranger', '/preview redeploy', 'refused', /^There is no pr-3\. The label for forks opens one/],
    ['writer', 'stranger', '/preview keep', 'refused', /^There is no pr-3\. The label for forks opens one/],
  ])('%s says on the pull request "%s": %j', async (...[who, on, body, outcome, answer, first]: Row) => {
    const before = await record(on);
    const run = await say(who, on, body, first);
    expect([errorsOf(run), run.outputs.outcome]).toEqual(['', outcome]);
    expect(run.outputs.answer).toMatch(answer);
    expect(await record(on)).toBe(before);
  });
});

test('nobody is obeyed who lost the right to write after he gave the command', async () => {
  world.apps.role('leaver', 'write');
  const before = await record('own');
  const run = await say('leaver', 'own', '/preview remove', undefined, () => world.apps.role('leaver', 'read'));
  expect(run.outputs.answer).toMatch(/^leaver may not write to acme\/apps/);
  expect(await record('own')).toBe(before);
});

test.each<[on: keyof Pulls, body: string, answer: RegExp]>([
  ['own', '/preview sleep', /^It sleeps\.$/],
  ['own', '/preview wake', /^It is awake as soon as the cluster has it\.$/],
  ['guest', '/preview keep 24h', /^It is (kept|there) until/],
  ['guest', '/preview sleep', /^It sleeps\.$/],
  // Which commit of a fork runs was decided by the label, and that stays.
  ['guest', '/preview wake', /^It is awake as soon as the cluster has it\.$/],
  ['guest', '/preview remove', /^There is no pr-4 now\. The label for forks opens one, taken off and put on again\.$/],
])('a person who may write is obeyed on the pull request "%s": %s', async (on, body, answer) => {
  const before = await record(on);
  const run = await say('writer', on, body);
  expect([errorsOf(run), run.outputs.outcome]).toEqual(['', 'obeyed']);
  expect(run.outputs.answer).toMatch(answer);
  expect(await record(on)).not.toBe(before);
});

test('what a fork had and has no more comes back with its label alone', async () => {
  const refused = await say('writer', 'guest', '/preview redeploy');
  expect([errorsOf(refused), refused.outputs.outcome]).toEqual(['', 'refused']);
  expect(refused.outputs.answer).toContain('#4 comes from a fork and has no label "preview"');
  await label(world, pulls.guest);
  const run = await say('writer', 'guest', '/preview redeploy');
  expect([errorsOf(run), run.outputs.outcome, run.outputs.answer]).toEqual(['', 'obeyed', 'It is opened again.']);
});
