import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LocalRepository, type Stage, startStage } from '../../../src/local/stage.js';
import { rest } from '../../local/github/support.js';
import { startReceiver } from '../../notify/receivers.js';
import { runAction } from '../../support/run-action.js';

const ADA = { name: 'Ada', email: 'ada@acme.dev' };
const FILE = 'overlays/production/shop/kustomization.yaml';
const overlay = (version: string) => `images:\n- name: ghcr.io/acme/shop\n  newTag: ${version}\n`;
const POLICY = `environments:
  staging: {}
  production: { after: staging }
notify:
  channel: { slack: SLACK_URL }
  pipeline: { webhook: HOOK_URL, key: HOOK_KEY, environments: [production] }
  errors: { rollbar: ROLLBAR_TOKEN, events: [released, live, failed], user: deploys }
`;
const TRAILERS = `Ostack-Action: bump-ops-overlay
Ostack-Environment: production
Ostack-App: shop
Ostack-Version: 1.1.0
Ostack-Source: acme/apps@${'b'.repeat(40)}`;
const PERMISSIONS = { contents: 'read', pull_requests: 'read', checks: 'write' } as const;

let stage: Stage;
let ops: LocalRepository;
let slack: Awaited<ReturnType<typeof startReceiver>>;
let hook: typeof slack;
let rollbar: typeof slack;
beforeAll(async () => {
  stage = await startStage();
  slack = await startReceiver();
  hook = await startReceiver(() => ({ status: 410, body: 'gone' }));
  rollbar = await startReceiver(() => ({ body: '{"err":0,"data":{"deploy_id":12}}' }));
  ops = await stage.github.createRepository('acme/ops', { files: { 'ostack.yaml': POLICY, [FILE]: overlay('1.0.0') } });
});
afterAll(() => Promise.all([stage, slack, hook, rollbar].map((each) => each.close())));

const token = (permissions: Record<string, 'read' | 'write'> = PERMISSIONS) =>
  stage.github.issueToken({ actor: 'github-actions[bot]', repositories: ['acme/ops'], permissions });

async function run(inputs: Record<string, string> = {}) {
  stage.github.requests.length = 0;
  const secrets = `SLACK_URL=${slack.url}/services/S1ash\nHOOK_URL=${hook.url}/h00k\nHOOK_KEY=k3y\nROLLBAR_TOKEN=t0ken\n`;
  return runAction({
    action: 'notify',
    inputs: { token: token(), secrets, 'rollbar-api': rollbar.url, ...inputs },
    env: {
      ...{ GITHUB_REPOSITORY: 'acme/ops', GITHUB_SHA: await head(), GITHUB_ACTOR: 'octocat', GITHUB_RUN_ID: '5' },
      ...{ GITHUB_SERVER_URL: stage.serverUrl, GITHUB_API_URL: stage.apiUrl, GITHUB_GRAPHQL_URL: stage.graphqlUrl },
    },
  });
}

const head = async () => (await ops.log('main'))[0]?.sha ?? '';

const states = (outputs: Record<string, string>) => {
  const told: { receiver: string; type: string; version: string; state: string }[] = JSON.parse(outputs.told ?? '[]');
  return told.map(({ receiver, type, version, state }) => `${receiver}: ${type} ${version} ${state}`);
};

describe('notify', () => {
  test('tells what was released, each receiver once, and fails for none of them', async () => {
    await ops.commit('main', { [FILE]: overlay('1.1.0') }, `shop 1.1.0\n\n${TRAILERS}`, ADA);
    const first = await run({ since: '1h' });
    expect([first.exitCode, first.exitCode === 0 ? '' : first.stdout]).toEqual([0, '']);
    expect(states(first.outputs)).toEqual([
      ...['channel: changed 1.0.0 told', 'pipeline: changed 1.0.0 given-up'],
      ...['channel: released 1.1.0 told', 'pipeline: released 1.1.0 given-up', 'errors: released 1.1.0 told'],
    ]);
    expect(slack.received.map(({ path, body }) => [path, JSON.parse(body).text])).toEqual([
      ['/services/S1ash', expect.stringContaining('shop 1.0.0 goes to production by hand')],
      ['/services/S1ash', expect.stringContaining('shop 1.1.0 goes to production (was 1.0.0)')],
    ]);
    expect(rollbar.received.map(({ body }) => JSON.parse(body))).toMatchObject([
      { environment: 'production', revision: 'b'.repeat(40), status: 'started', rollbar_username: 'deploys' },
    ]);
    const second = await run({ since: '1h' });
    expect(states(second.outputs)).toEqual([
      ...['channel: changed 1.0.0 before', 'pipeline: changed 1.0.0 given-up'],
      ...['channel: released 1.1.0 before', 'pipeline: released 1.1.0 given-up', 'errors: released 1.1.0 before'],
    ]);
    expect([slack.received.length, hook.received.length, rollbar.received.length]).toEqual([2, 2, 1]);
    // What is secret is masked first, and nowhere else.
    for (const { stdout, summary, outputs } of [first, second]) {
      const shown = [stdout.replace(/^::add-mask::.*$/gm, ''), summary, JSON.stringify(outputs)].join('\n');
      expect(shown).not.toMatch(/S1ash|h00k|k3y|t0ken/);
      expect(stdout).toContain(`::add-mask::${slack.url}/services/S1ash`);
    }
    const kept = await rest(stage, `GET /repos/acme/ops/commits/${await head()}/check-runs?filter=all`);
    expect(JSON.stringify(kept.body)).not.toMatch(/S1ash|h00k|k3y|t0ken/);
  });

  test('tells what watch has seen, as the end of the deploy that began', async () => {
    const commit = await head();
    const seen = {
      ...{ environment: 'production', app: 'shop', version: '1.1.0', commit },
      reason: '',
      url: '',
      pullRequest: null,
    };
    const live = [{ ...seen, state: 'live', since: new Date().toISOString() }];
    const { outputs, exitCode } = await run({ live: JSON.stringify(live) });
    expect([exitCode, states(outputs).filter((line) => line.includes(' live '))]).toEqual([
      0,
      ['channel: live 1.1.0 told', 'pipeline: live 1.1.0 given-up', 'errors: live 1.1.0 told'],
    ]);
    const { method, path, body } = rollbar.received.at(-1) ?? {};
    expect([method, path, body]).toEqual(['PATCH', '/deploy/12', '{"status":"succeeded"}']);
    const kinds = stage.github.requests.map(
      (each) => `${each.method} ${each.path.replace(/\d+$/, 'ID').replace(/[0-9a-f]{40}/, 'SHA')}`,
    );
    expect([...new Set(kinds)]).toMatchSnapshot();
  });

  test('works alone: one event, and receivers that are named here', async () => {
    const receivers = 'alone: { slack: SLACK_URL }';
    const one = { event: 'failed', environment: 'test', app: 'web', version: '2', reason: 'No answer', receivers };
    const { outputs, exitCode } = await run(one);
    expect([exitCode, states(outputs)]).toEqual([0, ['alone: failed 2 told']]);
    expect(slack.received.at(-1)?.body).toContain('web 2 does not run in test, by octocat: No answer');
  });

  test.each([
    [
      'an event without its app',
      { event: 'live', environment: 'test', version: '2' },
      'Input "app" is missing. Input "event" takes it.',
    ],
    [
      'a receiver of no kind',
      { receivers: 'a: {}' },
      'Input "receivers":1:4: a: expected one of slack, webhook and rollbar, found 0 of them.',
    ],
    ['an event of another shape', { events: '[{"type":"gone"}]' }, 'Input "events" does not fit at "0.type"'],
    [
      'a line that is no secret',
      { secrets: 'S1ash' },
      'Input "secrets" has a line that is not NAME=value (line 1 of those that are).',
    ],
  ])('%s is an error', async (_, inputs, message) => {
    const { exitCode, stdout } = await run(inputs);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining(`::error::${message}`)]);
  });

  test('says which permission the token lacks', async () => {
    const { exitCode, stdout } = await run({ token: token({ contents: 'read', pull_requests: 'read' }) });
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('"checks: write"')]);
  });
});
