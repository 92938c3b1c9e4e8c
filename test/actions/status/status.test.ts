import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Stage, seededDelays, startStage } from '../../../src/local/stage.js';
import { rest } from '../../local/github/support.js';
import { runAction } from '../../support/run-action.js';

const ADA = { name: 'Ada', email: 'ada@acme.dev' };
const overlay = (version: string, app = 'shop') => `images:\n- name: ghcr.io/acme/${app}\n  newTag: ${version}\n`;
const place = (environment: string, app: string) => `overlays/${environment}/${app}/kustomization.yaml`;

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({ delays: seededDelays(12) });
});
afterAll(() => stage.close());

const READS: Record<string, 'read'> = { contents: 'read', issues: 'read', pull_requests: 'read' };

function run(repository: string, inputs: Record<string, string> = {}, permissions = READS) {
  return runAction({
    action: 'status',
    inputs: { token: stage.github.issueToken({ repositories: [repository], permissions }), ...inputs },
    env: {
      GITHUB_REPOSITORY: repository,
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_SERVER_URL: stage.serverUrl,
      GITHUB_API_URL: stage.apiUrl,
      GITHUB_GRAPHQL_URL: stage.graphqlUrl,
    },
  });
}

async function openPull(repository: string, head: string, title: string): Promise<void> {
  await fetch(`${stage.apiUrl}/repos/${repository}/pulls`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ head, base: 'main', title }),
  });
}

describe('status', () => {
  test('versions, lag, holds, freezes and open pull requests of everything, in few requests', async () => {
    const ops = await stage.github.createRepository('acme/ops', {
      files: {
        'ostack.yaml':
          'environments:\n  staging: { cd: true }\n  production: { after: staging, freeze: [{ cron: "* * * * *", for: 2h }] }\n',
        '.ostack/holds.yaml':
          '- environment: production\n  app: mailer\n  version: 2.0.0\n  since: "2026-11-01T10:00:00Z"\n  by: ada\n  reason: mails were sent twice\n',
        [place('staging', 'shop')]: overlay('1.0.0'),
        [place('production', 'shop')]: overlay('1.0.0'),
        [place('staging', 'mailer')]: overlay('2.0.0', 'mailer'),
        [place('production', 'mailer')]: overlay('2.0.0', 'mailer'),
        [place('staging', 'tools')]: 'images: [\n',
        [place('staging', 'my tools')]: overlay('1.0.0'),
        [place('$(id)', 'shop')]: overlay('1.0.0'),
        'overlays/_drafts/notes.md': '',
      },
    });
    await ops.commit('main', { [place('staging', 'shop')]: overlay('1.1.0') }, 'shop 1.1.0', ADA);
    await ops.commit('main', { [place('staging', 'shop')]: overlay('1.2.0') }, 'shop 1.2.0', ADA);
    await ops.commit('ostack/production/shop', { [place('production', 'shop')]: overlay('1.2.0') }, 'shop', ADA);
    await openPull('acme/ops', 'ostack/production/shop', 'shop 1.2.0 -> production');
    await ops.commit('ostack-promote/production', { 'a.txt': 'x' }, 'promote', ADA);
    await openPull('acme/ops', 'ostack-promote/production', 'everything -> production');
    await rest(stage, 'POST /repos/acme/ops/issues', { title: 'abc1234 got past', labels: ['ostack-audit'] });
    await rest(stage, 'POST /repos/acme/ops/issues', { title: 'Something else' });
    const before = stage.github.requests.length;
    const { exitCode, stdout, outputs, summary } = await run('acme/ops');
    expect(summary).toMatch(/\*\*Past the policy\*\*, and not settled:\n\n- \[\\#\d+\]\(\S+\) abc1234 got past\n\n/);
    expect([exitCode, exitCode === 0 ? '' : stdout]).toEqual([0, '']);
    // One of them tells whether the apps of an environment have folders of their own, two when what was pushed arrived.
    expect(stage.github.requests.length - before).toBeLessThanOrEqual(9);
    const status: unknown = JSON.parse(outputs.status ?? '');
    expect(status).toMatchObject({
      environments: [
        { name: 'staging', after: [], frozenUntil: null },
        { name: 'production', after: ['staging'], frozenUntil: expect.any(String) },
      ],
      apps: [
        {
          app: 'mailer',
          environments: {
            staging: { version: '2.0.0', behind: null, hold: null },
            production: { version: '2.0.0', hold: { by: 'ada', reason: 'mails were sent twice' } },
          },
        },
        {
          app: 'shop',
          environments: {
            staging: { version: '1.2.0', since: expect.any(String), behind: null, pullRequests: [] },
            production: {
              version: '1.0.0',
              behind: { versions: 2, since: expect.any(String) },
              pullRequests: [{ number: 1, branch: 'ostack/production/shop' }],
            },
          },
        },
        { app: 'tools', environments: { staging: { version: null, since: null } } },
      ],
      pullRequests: [{ number: 2, branch: 'ostack-promote/production' }],
      warnings: [
        'The folder "overlays/staging/my tools" is left out: the name of an app has letters, digits, ".", "_" and "-" only. Rename it.',
        expect.stringContaining('overlays/staging/tools/kustomization.yaml:'),
      ],
    });
    const stable = summary.replace(/http:\/\/[^/]+/g, 'http://host').replace(/\d{4}-\d\d-\d\d \d\d:\d\d/g, 'TIME');
    expect(stable).toMatchSnapshot();
  });

  test('many apps: those with nothing to report are folded, and one of them can be asked for alone', async () => {
    const names = Array.from({ length: 35 }, (_, index) => `app-${index}`);
    const files = names.flatMap((app) => [
      [place('staging', app), overlay(app === 'app-7' ? '1.1.0' : '1.0.0', app)],
      [place('production', app), overlay('1.0.0', app)],
    ]);
    const policy = { 'ostack.yaml': 'environments:\n  staging:\n  production: { after: staging }\n' };
    await stage.github.createRepository('acme/many', { files: { ...Object.fromEntries(files), ...policy } });
    const before = stage.github.requests.length;
    const { summary } = await run('acme/many');
    expect(stage.github.requests.length - before).toBeLessThanOrEqual(10);
    expect(summary).toContain('<summary>34 more with nothing to report</summary>');
    expect(summary.indexOf('**app\\-7**')).toBeLessThan(summary.indexOf('<details>'));
    const { outputs } = await run('acme/many', { apps: 'app-7' });
    expect(JSON.parse(outputs.status ?? '')).toMatchObject({ apps: [{ app: 'app-7' }] });
  });

  test('beside the environments that the policy names no folder has a column', async () => {
    await stage.github.createRepository('acme/more', {
      files: {
        'ostack.yaml': 'environments:\n  staging:\n  empty:\n',
        [place('staging', 'shop')]: overlay('1.1.0'),
        [place('demo', 'shop')]: overlay('1.0.0'),
        'overlays/common/labels.yaml': 'a: 1\n',
      },
    });
    const { outputs } = await run('acme/more');
    expect(JSON.parse(outputs.status ?? '')).toMatchObject({
      environments: [{ name: 'staging' }, { name: 'empty' }],
      apps: [{ app: 'shop', environments: { staging: { version: '1.1.0' } } }],
    });
  });

  test('a version that only the base names, in few requests, and apps that nobody has', async () => {
    const bare = (app: string) => `resources: [../../../bases/${app}]\n`;
    const based = (app: string, tag: string) => ({
      [`bases/${app}/kustomization.yaml`]: 'resources: [deployment.yaml]\n',
      [`bases/${app}/deployment.yaml`]: `kind: Deployment\nmetadata: { name: ${app} }\nspec: { containers: [{ image: "ghcr.io/acme/${app}:${tag}" }] }\n`,
    });
    const files = {
      'ostack.yaml': 'environments:\n  staging:\n  production: { after: staging }\n',
      ...based('shop', '1.1.0'),
      ...based('mail', '2.0.0'),
      [place('staging', 'shop')]: bare('shop'),
      [place('production', 'shop')]: `${bare('shop')}${overlay('1.0.0')}`,
      [place('staging', 'mail')]: bare('mail'),
      [place('production', 'mail')]: bare('mail'),
    };
    await stage.github.createRepository('acme/based', { files });
    const before = stage.github.requests.length;
    const { outputs, summary } = await run('acme/based', { apps: 'shop, mail, shopp' });
    expect(stage.github.requests.length - before).toBeLessThanOrEqual(10);
    const none = { since: null, behind: null };
    expect(JSON.parse(outputs.status ?? '')).toMatchObject({
      apps: [
        {
          app: 'mail',
          environments: {
            staging: { version: '2.0.0', inBase: true, ...none },
            production: { version: '2.0.0', inBase: true, ...none },
          },
        },
        {
          app: 'shop',
          environments: {
            staging: { version: '1.1.0', inBase: true, ...none },
            production: { version: '1.0.0', inBase: false, behind: { versions: null, since: null } },
          },
        },
      ],
      warnings: ['No environment has an app "shopp". Did you mean "shop"? Known apps: mail, shop.'],
    });
    expect(summary).toContain('| **mail** | `2.0.0` of the base | `2.0.0` of the base |');
    const nobody = await run('acme/based', { apps: 'nobody' });
    expect(nobody.summary).toContain('No environment has an app "nobody". Known apps: mail, shop.');
  });

  test('a token that may not read says which permission it takes', async () => {
    const token = stage.github.issueToken({ repositories: ['acme/many'], permissions: { metadata: 'read' } });
    const { exitCode, stdout } = await run('acme/many', { token });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('lacks the permission "contents: read"');
  });

  test('a token that may not read issues says so, instead of telling of none that the audit has opened', async () => {
    const files = { 'ostack.yaml': 'environments: { staging: {} }\n', [place('staging', 'shop')]: overlay('1.0.0') };
    await stage.github.createRepository('acme/unread', { files });
    await rest(stage, 'POST /repos/acme/unread/issues', { title: 'abc1234 got past', labels: ['ostack-audit'] });
    const { issues: _, ...others } = READS;
    const { exitCode, stdout, summary } = await run('acme/unread', {}, others);
    expect(exitCode).toBe(0);
    expect(summary).not.toContain('got past');
    expect(stdout).toMatch(/::warning::Could not read what the audit found in acme\/unread: .*"issues: read"/);
  });
});
