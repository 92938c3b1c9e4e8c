import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { APP_ROLES } from '../../../src/cli/gate/app-roles.js';
import { planSetup } from '../../../src/cli/gate/plan-setup.js';
import { putSecret, putVariable } from '../../../src/cli/gate/put-secret.js';
import type { Stage } from '../../../src/local/stage.js';
import { asAda, holdingOf, runSetup, startGateStage, stateOf } from './gate-stage.js';
import { holder } from './gate-state.js';
import { type Detour, formOf, installOn, post } from './person.js';

let stage: Stage;

beforeAll(async () => {
  stage = await startGateStage();
});
afterAll(() => stage.close());

/** Sends a request to the ops repository as an administrator. */
async function change(request: string, body: object, at = stage): Promise<void> {
  const [method = '', path = ''] = request.split(' ');
  await asAda(at).octokit.request(`${method} /repos/acme/ops/${path}`, { ...body });
}

/** Whether a job of a ref gets a key of the ops App. */
async function getsKey(ref: string): Promise<boolean> {
  const repository = stage.github.repository('acme/ops');
  const sha = (await repository.refs())['refs/heads/main'] ?? '';
  const entered = await repository.enterEnvironment({ environment: 'ostack-gate', ref, sha, runId: 1 });
  const app = stage.github.apps.find(entered.vars.OSTACK_GATE_CLIENT_ID ?? '');
  return app?.holds(entered.secrets.OSTACK_GATE_PRIVATE_KEY ?? '') ?? false;
}

/** An App, its key and its variable as the README once had them set, in both repositories. */
async function oldApp(at: Stage, clientId = 'Iv1.old'): Promise<string> {
  const { privateKey: made } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privateKey = made.export({ format: 'pem', type: 'pkcs1' }).toString();
  const { permissions } = APP_ROLES.proposer;
  at.github.apps.register({
    slug: 'acme-ostack',
    clientId: 'Iv1.old',
    privateKey,
    repositories: ['acme/ops'],
    permissions,
  });
  for (const { repository } of [holder('proposer'), holder('proposer', {}, 'apps')]) {
    const place = holder('proposer', {}, repository.name);
    await putSecret(asAda(at), place, 'OSTACK_APP_PRIVATE_KEY', privateKey);
    await putVariable(asAda(at), place, 'OSTACK_APP_CLIENT_ID', clientId);
  }
  return privateKey;
}

const writes = () => stage.github.requests.filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/v3'));

describe('gate setup', () => {
  test('tells what it would do, and does nothing', async () => {
    stage.github.requests.length = 0;
    const { result, asked } = await runSetup(stage, { dryRun: true });
    expect(result.steps).toMatchSnapshot();
    expect(asked).toEqual([]);
    expect(writes()).toEqual([]);
  });

  test('makes both Apps, hands their keys out, and guards the default branch', async () => {
    const { result, asked, said } = await runSetup(stage);
    expect(asked).toEqual(['Make the ops App', 'Install the ops App', 'Make the proposer', 'Install the proposer']);
    expect(said).toEqual(result.steps);
    expect(result.level).toBe('guarded');
    const state = await stateOf(stage);
    expect(planSetup(state).steps).toEqual([]);
    expect(state.environment).toMatchObject({ admits: 'rules', rules: [{ name: 'main', type: 'branch' }] });
    expect(state.rulesets).toMatchObject([{ name: 'oStack gate', enforcement: 'active', bypass: [] }]);
    expect(state.strayKeys).toEqual([]);
  });

  test('lets no key be seen: not on the page, not in the terminal, not in what is sent to GitHub', async () => {
    const requests = JSON.stringify(stage.github.requests);
    expect(requests).toContain('encrypted_value');
    expect(requests).not.toContain('PRIVATE KEY');
    expect(await getsKey('refs/heads/main')).toBe(true);
  });

  test('gives the key to jobs of the default branch alone', async () => {
    const refs = ['refs/heads/main', 'refs/heads/topic', 'refs/tags/main', 'refs/pull/1/merge'];
    expect(await Promise.all(refs.map(getsKey))).toEqual([true, false, false, false]);
  });

  test('changes nothing the second time', async () => {
    const before = await holdingOf(stage);
    stage.github.requests.length = 0;
    const { result, asked } = await runSetup(stage);
    expect({ steps: result.steps, asked }).toEqual({ steps: [], asked: [] });
    expect(writes()).toEqual([]);
    expect(stage.github.requests.length).toBeLessThan(40);
    expect(await holdingOf(stage)).toEqual(before);
  });
});

describe('gate setup, where something is not as it should be', () => {
  test('sees a gate that somebody disabled, and enables it', async () => {
    await change('PUT actions/workflows/ops-gate.yml/disable', {});
    const { disabledWorkflows } = await stateOf(stage);
    expect(disabledWorkflows).toEqual([{ path: '.github/workflows/ops-gate.yml', state: 'disabled_manually' }]);
    const { result, asked } = await runSetup(stage);
    expect(asked).toEqual([]);
    expect(result.steps).toEqual(['Enable the workflow .github/workflows/ops-gate.yml']);
    expect(await stateOf(stage)).toHaveProperty('disabledWorkflows', []);
  });

  test('keeps the branch of previews to the ops App, once the workflow is there that writes it', async () => {
    const repository = stage.github.repository('acme/ops');
    const files = {
      '.github/workflows/preview-requests.yml': 'on: repository_dispatch\njobs: {}\n',
      'ostack.yaml': 'environments: { staging: }\npreviews: { host: staging, from: [acme/apps] }\n',
    };
    await repository.commit('main', files, 'ci: previews', { name: 'Ada', email: 'ada@acme.dev' });
    expect((await runSetup(stage)).result.steps).toEqual([
      'Make the ruleset that lets the ops App alone make, move and delete ostack/previews',
    ]);
    expect((await stateOf(stage)).rulesets).toMatchObject([
      { name: 'oStack gate' },
      { name: 'oStack previews', include: ['refs/heads/ostack/previews'], bypass: [{ type: 'Integration' }] },
    ]);
    expect((await runSetup(stage)).result.steps).toEqual([]);
  });

  test('closes an environment that somebody opened, and nothing else', async () => {
    const path = 'environments/ostack-gate';
    await change(`PUT ${path}`, { deployment_branch_policy: null });
    const { result, asked } = await runSetup(stage);
    expect(asked).toEqual([]);
    expect(result.steps).toEqual([
      'Let the environment "ostack-gate" admit the branches that it names and nothing else',
      'Let the environment "ostack-gate" admit the branch main',
    ]);
  });

  test('takes a new key of an App for one that leaked', async () => {
    const { asked, result } = await runSetup(stage, { newKeys: ['ops'] });
    expect(asked).toEqual(['A key of the ops App']);
    expect(result.level).toBe('guarded');
    expect(await getsKey('refs/heads/main')).toBe(true);
  });

  test('takes no key of another App, and nothing that is none', async () => {
    const wrong: string[] = [];
    const keys = [
      'nonsense',
      await (
        await post(`${stage.serverUrl}/organizations/acme/settings/apps/acme-ops-proposer/keys`, new URLSearchParams())
      ).text(),
    ];
    const { result } = await runSetup(stage, {
      newKeys: ['ops'],
      async detour(_heading, page) {
        wrong.push(/<p role="alert">(.*?)<\/p>/.exec(page)?.[1] ?? '');
        const key = keys.shift();
        const form = formOf(page);
        if (key === undefined || form === undefined) {
          return false;
        }
        form.fields.set('key', key);
        await post(form.action, form.fields);
        return true;
      },
    });
    expect(wrong).toEqual([
      '',
      expect.stringContaining('That is no private key.'),
      expect.stringContaining('That is no key of acme-ops-gate'),
    ]);
    expect(result.level).toBe('guarded');
  });

  test('uses an App that is there already, and its key', async () => {
    await using other = await startGateStage();
    const privateKey = await oldApp(other);
    const { asked, result } = await runSetup(other);
    expect(asked).toEqual(['Make the ops App', 'Install the ops App']);
    expect(result.level).toBe('guarded');
    const state = await stateOf(other);
    expect(state.apps.proposer?.slug).toBe('acme-ostack');
    expect(other.github.repository('acme/apps').values.secrets).toEqual({ OSTACK_APP_PRIVATE_KEY: privateKey });
  });

  test('sees with a new key that the ops App reads runs where images are built, and asks for it where it does not', async () => {
    const rule = '{ match: "ghcr.io/acme/*", from: acme/apps, workflow: .github/workflows/release.yml }';
    const policy = `environments: { staging: { approvers: [ada] } }\nimages: [${rule}]\n`;
    await stage.github.repository('acme/ops').commit('main', { 'ostack.yaml': policy }, 'ci: images');
    const links: string[] = [];
    const detour: Detour = async (heading, page) => {
      const link = /<a class="button"[^>]*href="([^"]*)"/.exec(page)?.[1] ?? '';
      if (heading !== 'Install the ops App on acme/apps' || links.push(link) > 1) {
        return links.length > 1;
      }
      await installOn(stage, link, 'acme/ops', 'acme/apps');
      return true;
    };
    expect((await runSetup(stage, { detour })).asked).toEqual([]);
    const { asked, result } = await runSetup(stage, { newKeys: ['ops'], detour });
    expect(asked).toEqual(['A key of the ops App', 'Install the ops App on acme/apps']);
    expect(links[0]).toBe(`${stage.serverUrl}/apps/acme-ops-gate/installations/new`);
    expect(result.steps.at(-1)).toContain('See that the ops App is installed on acme/apps');
    expect((await runSetup(stage, { newKeys: ['ops'] })).asked).toEqual(['A key of the ops App']);
  });

  test('asks whose a key is, and does nothing until somebody says', async () => {
    await using other = await startGateStage();
    await oldApp(other, 'nobody-knows');
    other.github.requests.length = 0;
    await expect(runSetup(other)).rejects.toThrow('Say --proposer <name>');
    const isRead = (path: string) => path === '/api/graphql';
    expect(other.github.requests.filter(({ method, path }) => method !== 'GET' && !isRead(path))).toEqual([]);
  });
});
