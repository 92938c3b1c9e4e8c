import type { Account } from '../world/accounts.js';
import { createApp, type Manifest, newKey, readManifest } from '../world/app-manifests.js';
import { type AppRecord, type Installation, publicHalf } from '../world/apps.js';
import { Refusal } from '../world/refusal.js';
import type { World } from '../world/world.js';
import { type Html, html, layout, list } from './html.js';

/** A request of a browser. */
export interface PageRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  /** The fields of a form. */
  form: URLSearchParams;
}

/** A page, another address to go to, or a file. */
export type PageAnswer = { status: number; html: string } | { location: string } | { download: string; text: string };

/** The account whose settings an address is of: `undefined` for the person at the browser. */
const settings = String.raw`(?:/organizations/([\w.-]+))?/settings/apps`;

type Handler = (world: World, request: PageRequest, match: string[]) => Promise<PageAnswer>;

const handlers: [method: string, path: RegExp, handler: Handler][] = [
  ['POST', new RegExp(`^${settings}/new$`), confirmPage],
  ['POST', new RegExp(`^${settings}$`), create],
  ['GET', new RegExp(`^${settings}/([\\w-]+)(?:/(?:advanced|permissions))?$`), settingsPage],
  ['POST', new RegExp(`^${settings}/([\\w-]+)/delete$`), remove],
  ['GET', /^\/apps\/([\w-]+)$/, appPage],
  ['GET', /^\/apps\/([\w-]+)\/installations\/new(?:\/.*)?$/, installPage],
  ['POST', new RegExp(`^${settings}/([\\w-]+)/keys$`), makeKey],
  ['POST', /^\/apps\/([\w-]+)\/installations\/new$/, install],
  ['GET', /^\/(?:organizations\/[\w.-]+\/)?settings\/installations\/(\d+)$/, installationPage],
  ['POST', /^\/settings\/installations\/(\d+)\/uninstall$/, uninstall],
];

/**
 * The pages on which a person makes, installs and deletes a GitHub App: one button each.
 *
 * @returns `undefined` for any other address
 * @see https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
 */
export async function appPageFor(world: World, request: PageRequest): Promise<PageAnswer | undefined> {
  for (const [method, path, handler] of handlers) {
    const match = method === request.method ? path.exec(request.path) : null;
    if (match !== null) {
      const groups = match.slice(1).map((group) => group ?? '');
      return world.exclusive(() => handler(world, request, groups)).catch(problemPage);
    }
  }
  return undefined;
}

/** What GitHub shows when a manifest was posted: the name, what the App may, and the button that makes it. */
async function confirmPage(world: World, { form, query, path }: PageRequest, [organisation = '']: string[]) {
  const owner = ownerOf(world, organisation);
  const text = form.get('manifest') ?? '';
  const read = readManifest(text);
  if ('problem' in read) {
    throw new Refusal(422, `Invalid GitHub App configuration: ${read.problem}`);
  }
  const { manifest } = read;
  return page(
    'Create GitHub App',
    html`<h1>Create GitHub App for ${owner.login}</h1>
<p>${manifest.description ?? ''}</p>
${permissionsOf(manifest.default_permissions)}
<form method="post" action="${path.replace(/\/new$/, '')}">
<input type="hidden" name="manifest" value="${text}">
<input type="hidden" name="state" value="${query.get('state') ?? ''}">
<p><label>GitHub App name <input name="name" value="${manifest.name}"></label></p>
<p><button type="submit">Create GitHub App for ${owner.login}</button></p></form>`,
  );
}

async function create(world: World, { form }: PageRequest, [organisation = '']: string[]): Promise<PageAnswer> {
  const read = readManifest(form.get('manifest') ?? '');
  if ('problem' in read) {
    throw new Refusal(422, `Invalid GitHub App configuration: ${read.problem}`);
  }
  const { manifest } = read;
  const code = await createApp(world, ownerOf(world, organisation), manifest, form.get('name') ?? manifest.name);
  return { location: backTo(manifest, code, form.get('state') ?? '') };
}

function backTo(manifest: Manifest, code: string, state: string): string {
  const url = new URL(manifest.redirect_url);
  url.searchParams.set('code', code);
  if (state !== '') {
    url.searchParams.set('state', state);
  }
  return url.href;
}

async function settingsPage(world: World, { path }: PageRequest, [organisation = '', slug = '']: string[]) {
  const app = ownedApp(world, organisation, slug);
  const base = path.replace(/\/(advanced|permissions)$/, '');
  return page(
    app.name,
    html`<h1>${app.name}</h1>
<p>App ID: ${app.id}, client ID: <code>${app.clientId}</code></p>
${permissionsOf(app.permissions)}
<p><a href="/apps/${slug}/installations/new">Install App</a></p>
<h2 id="private-key">Private keys</h2><p>${app.keys.length} in use.</p>
<form method="post" action="${base}/keys"><button type="submit">Generate a private key</button></form>
<form method="post" action="${base}/delete"><button type="submit">Delete GitHub App</button></form>`,
  );
}

/** A key is given once, as a file. */
async function makeKey(world: World, _request: PageRequest, [organisation = '', slug = '']: string[]) {
  const app = ownedApp(world, organisation, slug);
  const pem = newKey();
  app.keys.push(publicHalf(pem));
  return { download: `${app.slug}.private-key.pem`, text: pem };
}

async function remove(world: World, _request: PageRequest, [organisation = '', slug = '']: string[]) {
  world.apps.delete(ownedApp(world, organisation, slug));
  return page('Deleted', html`<h1>Deleted</h1><p>The GitHub App ${slug} was deleted.</p>`);
}

async function appPage(world: World, _request: PageRequest, [slug = '']: string[]): Promise<PageAnswer> {
  const app = demandApp(world, slug);
  return page(
    app.name,
    html`<h1>${app.name}</h1><p>${app.description ?? ''}</p><p><a href="/apps/${slug}/installations/new">Install</a></p>`,
  );
}

/** Where an App may be installed: a private one on its owner's account alone. */
async function installPage(world: World, { query }: PageRequest, [slug = '']: string[]): Promise<PageAnswer> {
  const app = demandApp(world, slug);
  const accounts = app.isPublic ? ownersOf(world) : [app.owner];
  const state = query.get('state') ?? '';
  const choices = accounts.map((account) => installForm(world, app, account, state));
  return page(`Install ${app.name}`, html`<h1>Install ${app.name}</h1>${permissionsOf(app.permissions)}${choices}`);
}

function installForm(world: World, app: AppRecord, account: Account, state: string): Html {
  const repositories = [...world.repositories.values()].filter(({ owner }) => owner === account);
  const present = world.apps.installationsOf(app).find((installation) => installation.account === account);
  const isChosen = (name: string) =>
    present !== undefined && (present.repositories === 'all' || present.repositories.has(name.toLowerCase()));
  const boxes = repositories.map(
    ({ fullName }) =>
      html`<label><input type="checkbox" name="repository" value="${fullName}"${isChosen(fullName) ? html` checked` : ''}> ${fullName}</label>`,
  );
  return html`<form method="post" action="/apps/${app.slug}/installations/new"><h2>${account.login}</h2>
<input type="hidden" name="account" value="${account.login}"><input type="hidden" name="state" value="${state}">
<p><label><input type="radio" name="selection" value="all"> All repositories</label></p>
<p><label><input type="radio" name="selection" value="selected" checked> Only select repositories</label></p>
${list(boxes, 'No repositories yet.')}
<p><button type="submit">Install</button></p></form>`;
}

async function install(world: World, { form }: PageRequest, [slug = '']: string[]): Promise<PageAnswer> {
  const app = demandApp(world, slug);
  const account = world.accounts.find(form.get('account') ?? app.owner.login);
  if (account === undefined || (!app.isPublic && account !== app.owner)) {
    throw new Refusal(404, 'Not Found');
  }
  const known = world.apps.installationsOf(app).some((installation) => installation.account === account);
  const names = form.getAll('repository').filter((name) => name.startsWith(`${account.login}/`));
  const isAll = form.get('selection') === 'all';
  if (!isAll && names.length === 0) {
    throw new Refusal(422, 'Choose at least one repository');
  }
  const installation = world.apps.install(app, account, isAll ? 'all' : names);
  if (app.setupUrl === undefined) {
    return { location: `${world.serverUrl}/settings/installations/${installation.id}` };
  }
  const url = new URL(app.setupUrl);
  url.searchParams.set('installation_id', String(installation.id));
  url.searchParams.set('setup_action', known ? 'update' : 'install');
  const state = form.get('state') ?? '';
  if (state !== '') {
    url.searchParams.set('state', state);
  }
  return { location: url.href };
}

async function installationPage(world: World, _request: PageRequest, [id = '']: string[]): Promise<PageAnswer> {
  const installation = demandInstallation(world, id);
  const { app, account, repositories } = installation;
  const names = repositories === 'all' ? ['All repositories'] : [...repositories];
  return page(
    app.name,
    html`<h1>${app.name}</h1><p>Installed on ${account.login}.</p>
${list(
  names.map((name) => html`${name}`),
  'On no repository.',
)}
<form method="post" action="/settings/installations/${id}/uninstall"><button type="submit">Uninstall</button></form>`,
  );
}

async function uninstall(world: World, _request: PageRequest, [id = '']: string[]): Promise<PageAnswer> {
  const installation = demandInstallation(world, id);
  world.apps.uninstall(installation);
  return page('Uninstalled', html`<h1>Uninstalled</h1><p>${installation.app.name} was uninstalled.</p>`);
}

function ownerOf(world: World, organisation: string): Account {
  if (organisation === '') {
    return world.browser;
  }
  const account = world.accounts.find(organisation);
  if (account?.type !== 'Organization') {
    throw new Refusal(404, 'Not Found');
  }
  return account;
}

function ownersOf(world: World): Account[] {
  return [...new Set([...world.repositories.values()].map(({ owner }) => owner))];
}

function demandApp(world: World, slug: string): AppRecord {
  const app = world.apps.bySlug(slug);
  if (app === undefined || app.isImplied) {
    throw new Refusal(404, 'Not Found');
  }
  return app;
}

function ownedApp(world: World, organisation: string, slug: string): AppRecord {
  const app = demandApp(world, slug);
  if (app.owner !== ownerOf(world, organisation)) {
    throw new Refusal(404, 'Not Found');
  }
  return app;
}

function demandInstallation(world: World, id: string): Installation {
  const found = world.apps.installation(Number(id));
  if (found === undefined) {
    throw new Refusal(404, 'Not Found');
  }
  return found;
}

function permissionsOf(permissions: Readonly<Record<string, string>>): Html {
  const lines = Object.entries(permissions).map(([name, level]) => html`${name.replaceAll('_', ' ')}: ${level}`);
  return html`<h2>Permissions</h2>${list(lines, 'None.')}`;
}

function page(title: string, body: Html): PageAnswer {
  return { status: 200, html: layout(title, undefined, body) };
}

function problemPage(error: unknown): PageAnswer {
  if (!(error instanceof Refusal)) {
    throw error;
  }
  const body = html`<h1>${error.status}</h1><p>${error.message}</p>`;
  return { status: error.status, html: layout(String(error.status), undefined, body) };
}
