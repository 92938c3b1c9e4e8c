import { describe, expect, test } from '@jest/globals';
import { at, makeApp, rest, stageWith } from './support.js';

const manifest = {
  name: 'Acme gate',
  url: 'https://example.com',
  redirect_url: 'http://127.0.0.1:1/back',
  hook_attributes: { url: 'https://example.com', active: false },
  default_permissions: { checks: 'write' },
};

describe('an App made of a manifest', () => {
  test('gives its key for a code, once', async () => {
    const { stage } = await stageWith();
    await using _stage = stage;
    const code = await makeApp(stage, manifest);
    const made = await rest(stage, `POST /app-manifests/${code}/conversions`);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ slug: 'acme-gate', owner: { login: 'acme' }, permissions: { checks: 'write' } });
    expect(at(made.body, 'pem')).toContain('PRIVATE KEY');
    expect((await rest(stage, `POST /app-manifests/${code}/conversions`)).status).toBe(404);
  });

  test.each([
    ['of a name that is taken', manifest, 'Name is already taken'],
    ['of a long name', { ...manifest, name: 'x'.repeat(35) }, 'Name is too long'],
    ['without an address', { ...manifest, url: undefined }, 'Invalid GitHub App configuration: url'],
    ['of a hook without an address', { ...manifest, hook_attributes: { active: false } }, 'hook_attributes.url'],
  ])('%s is refused', async (_what, changed, message) => {
    const { stage } = await stageWith();
    await using _stage = stage;
    await makeApp(stage, manifest);
    const fields = new URLSearchParams({ manifest: JSON.stringify(changed), name: changed.name });
    const page = `${stage.serverUrl}/organizations/acme/settings/apps`;
    const answer = await fetch(page, { method: 'POST', body: fields, redirect: 'manual' });
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining(message)]);
  });

  test('is where a person installs it, and owners of the organisation are told', async () => {
    const { stage } = await stageWith();
    await using _stage = stage;
    await rest(stage, `POST /app-manifests/${await makeApp(stage, manifest)}/conversions`);
    const body = new URLSearchParams({ selection: 'selected', repository: 'acme/app' });
    await fetch(`${stage.serverUrl}/apps/acme-gate/installations/new`, { method: 'POST', body });
    const token = stage.github.issueToken({ actor: 'ada' });
    const listed = await rest(stage, 'GET /orgs/acme/installations', undefined, token);
    expect(listed.body).toMatchObject({
      total_count: 1,
      installations: [{ app_slug: 'acme-gate', repository_selection: 'selected' }],
    });
    const member = stage.github.issueToken({ actor: 'mallory', permissions: { contents: 'write' } });
    expect((await rest(stage, 'GET /orgs/acme/installations', undefined, member)).status).toBe(403);
  });
});
