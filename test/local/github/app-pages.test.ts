import { describe, expect, test } from '@jest/globals';
import type { Stage } from '../../../src/local/stage.js';
import { at, browse, rest, stageWith, webToken } from './support.js';

const manifest = (more: object = {}) => ({
  name: 'acme-ops-gate',
  url: 'https://example.test/',
  hook_attributes: { url: 'https://example.test/', active: false },
  redirect_url: 'http://127.0.0.1:4711/answer?x=1',
  public: false,
  default_permissions: { checks: 'write' },
  default_events: [],
  ...more,
});

/** Fields of the one form of a page. */
function fieldsOf(text: string): Record<string, string> {
  const plain = (value: string) =>
    value.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)));
  const inputs = [...text.matchAll(/<input (?:type="hidden" )?name="(\w+)" value="([^"]*)"/g)];
  return Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, plain(value)]));
}

/** Posts a manifest, clicks the button, and fetches the keys. */
async function make(stage: Stage, of = '/organizations/acme', more: object = {}) {
  const shown = await browse(stage, `${of}/settings/apps/new?state=abc`, { manifest: JSON.stringify(manifest(more)) });
  const clicked = await browse(stage, `${of}/settings/apps`, fieldsOf(shown.text));
  const back = new URL(clicked.location);
  const convert = () => rest(stage, `POST /app-manifests/${back.searchParams.get('code')}/conversions`, undefined, '');
  return { shown, back, convert, answer: await convert() };
}

const signIn = (answer: unknown) => {
  const now = Math.floor(Date.now() / 1000);
  return webToken({ iss: at(answer, 'client_id'), iat: now - 60, exp: now + 300 }, at(answer, 'pem'));
};

describe('an App made of a manifest', () => {
  test('takes one click, comes back with the state and a code, and signs in with its key', async () => {
    const { stage } = await stageWith();
    await using _stage = stage;
    const { shown, back, convert, answer } = await make(stage);
    expect(shown.text).toContain('Create GitHub App for acme</button>');
    expect(shown.text).toContain('checks: write');
    expect(`${back.origin}${back.pathname}`).toBe('http://127.0.0.1:4711/answer');
    expect([back.searchParams.get('x'), back.searchParams.get('state')]).toEqual(['1', 'abc']);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      slug: 'acme-ops-gate',
      owner: { login: 'acme' },
      permissions: { checks: 'write', metadata: 'read' },
      pem: expect.stringMatching(/^-----BEGIN RSA PRIVATE KEY-----/),
      webhook_secret: expect.any(String),
    });
    expect((await convert()).status).toBe(404);
    const token = signIn(answer.body);
    expect((await rest(stage, 'GET /app', undefined, token)).body).toMatchObject({
      slug: 'acme-ops-gate',
      installations_count: 0,
    });
    expect((await rest(stage, 'GET /app/installations', undefined, token)).body).toEqual([]);
  });

  test('is installed by a click on chosen repositories, and on those alone', async () => {
    const { stage } = await stageWith();
    await using _stage = stage;
    await stage.github.createRepository('acme/other');
    const { answer } = await make(stage, '/organizations/acme', { setup_url: 'http://127.0.0.1:4711/installed' });
    const page = await browse(stage, '/apps/acme-ops-gate/installations/new?state=abc');
    expect(page.text.match(/value="acme\/\w+"/g)).toEqual(['value="acme/app"', 'value="acme/other"']);
    const chosen = { account: 'acme', selection: 'selected', repository: 'acme/app', state: 'abc' };
    const installed = new URL((await browse(stage, '/apps/acme-ops-gate/installations/new', chosen)).location);
    expect(Object.fromEntries(installed.searchParams)).toEqual({
      installation_id: expect.stringMatching(/^\d+$/),
      setup_action: 'install',
      state: 'abc',
    });
    const token = signIn(answer.body);
    expect((await rest(stage, 'GET /repos/acme/app/installation', undefined, token)).body).toMatchObject({
      repository_selection: 'selected',
      permissions: { checks: 'write' },
    });
    expect((await rest(stage, 'GET /repos/acme/other/installation', undefined, token)).status).toBe(404);
  });

  test('that is private is for its owner alone', async () => {
    const { stage } = await stageWith();
    await using _stage = stage;
    await make(stage, '', { name: 'mine' });
    const chosen = { account: 'acme', selection: 'all' };
    expect((await browse(stage, '/apps/mine/installations/new', chosen)).status).toBe(404);
    expect((await browse(stage, '/organizations/acme/settings/apps/mine')).status).toBe(404);
    stage.github.signIn('ada');
    expect((await browse(stage, '/settings/apps/mine')).status).toBe(404);
  });

  test('is deleted by a click, with its installations', async () => {
    const { stage } = await stageWith();
    await using _stage = stage;
    const { answer } = await make(stage);
    await browse(stage, '/apps/acme-ops-gate/installations/new', { account: 'acme', selection: 'all' });
    expect((await browse(stage, '/organizations/acme/settings/apps/acme-ops-gate/advanced')).text).toContain(
      'Delete GitHub App',
    );
    await browse(stage, '/organizations/acme/settings/apps/acme-ops-gate/delete', {});
    expect((await rest(stage, 'GET /app', undefined, signIn(answer.body))).status).toBe(404);
    expect((await browse(stage, '/apps/acme-ops-gate')).status).toBe(404);
  });

  test.each([
    ['without an address', { url: undefined }, /url: /],
    ['without a way back', { redirect_url: 'nowhere' }, /redirect_url: is not a URL/],
    ['with a key that GitHub lacks', { permissions: {} }, /permissions: /],
    [
      'with a permission that GitHub lacks',
      { default_permissions: { pulls: 'write' } },
      /not included in the list: pulls/,
    ],
    ['with a level that GitHub lacks', { default_permissions: { checks: 'all' } }, /default_permissions\.checks: /],
  ])('is refused %s', async (_name, more, message) => {
    const { stage } = await stageWith();
    await using _stage = stage;
    const shown = await browse(stage, '/settings/apps/new', { manifest: JSON.stringify(manifest(more)) });
    expect([shown.status, shown.text]).toEqual([422, expect.stringMatching(message)]);
  });

  test.each([
    ['acme-ops-gate', 'Name is already taken'],
    ['acme', 'Name is already taken'],
    ['a'.repeat(35), /is too long/],
  ])('cannot be called %s', async (name, message) => {
    const { stage } = await stageWith();
    await using _stage = stage;
    await make(stage);
    const clicked = await browse(stage, '/settings/apps', { manifest: JSON.stringify(manifest()), name });
    expect([clicked.status, clicked.text]).toEqual([422, expect.stringMatching(message)]);
  });
});
