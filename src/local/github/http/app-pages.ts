import { makeFromManifest, newKey, readManifest } from '../world/app-manifests.js';
import { type AppRecord, publicHalf } from '../world/apps.js';
import { notFound, Refusal } from '../world/refusal.js';
import type { World } from '../world/world.js';
import { type Html, html, layout } from './html.js';

/** A request of a browser. Whoever looks at the pages of the local GitHub is an owner of all. */
export interface Browsing {
  method: string;
  url: URL;
  /** Fields of a form. */
  fields: URLSearchParams;
}

export interface PageAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

type Answer = (world: World, browsing: Browsing, parts: readonly string[]) => PageAnswer;

/** Pages by method and path; what is in parentheses is handed on. */
const pages: readonly [method: string, path: RegExp, answer: Answer][] = [
  ['POST', /^\/(?:organizations\/([^/]+)\/)?settings\/apps\/new$/, confirmManifest],
  ['POST', /^\/(?:organizations\/([^/]+)\/)?settings\/apps$/, createApp],
  ['GET', /^\/(?:organizations\/([^/]+)\/)?settings\/apps\/([^/]+)$/, showApp],
  ['POST', /^\/(?:organizations\/([^/]+)\/)?settings\/apps\/([^/]+)\/keys$/, makeKey],
  ['GET', /^()\/apps\/([^/]+)\/installations\/new$/, showInstallation],
  ['POST', /^()\/apps\/([^/]+)\/installations\/new$/, installApp],
];

/**
 * Pages on which a person makes Apps, installs them and makes their keys.
 *
 * @returns `undefined` for any other page
 * @throws Refusal 404 and 422
 */
export function appPageFor(world: World, browsing: Browsing): PageAnswer | undefined {
  for (const [method, path, answer] of pages) {
    const match = browsing.method === method ? path.exec(browsing.url.pathname) : null;
    if (match !== null) {
      return answer(world, browsing, match.slice(1));
    }
  }
  return undefined;
}

function shown(title: string, body: Html): PageAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: layout(title, undefined, html`<h1>${title}</h1>${body}`),
  };
}

function ownerOf(world: World, login: string | undefined) {
  return world.accounts.get(login ?? 'octocat', login === undefined ? 'User' : 'Organization');
}

/** GitHub shows the name in a field, and one button. */
function confirmManifest(_world: World, { url, fields }: Browsing, [owner]: readonly string[]): PageAnswer {
  const text = fields.get('manifest') ?? '';
  const { name } = readManifest(text);
  const action = `${owner === undefined ? '' : `/organizations/${owner}`}/settings/apps`;
  return shown(
    'Create GitHub App',
    html`<form action="${action}" method="post">
<input type="hidden" name="manifest" value="${text}"><input type="hidden" name="state" value="${url.searchParams.get('state') ?? ''}">
<label>GitHub App name <input name="name" value="${name ?? ''}"></label>
<button>Create GitHub App${owner === undefined ? '' : ` for ${owner}`}</button></form>`,
  );
}

function createApp(world: World, { fields }: Browsing, [owner]: readonly string[]): PageAnswer {
  const manifest = readManifest(fields.get('manifest') ?? '');
  const code = makeFromManifest(world, manifest, ownerOf(world, owner), fields.get('name') ?? '');
  const redirect = new URL(manifest.redirect_url);
  redirect.searchParams.set('code', code);
  const state = fields.get('state') ?? '';
  if (state !== '') {
    redirect.searchParams.set('state', state);
  }
  return { status: 302, headers: { location: redirect.href }, body: '' };
}

function appOf(world: World, slug = ''): AppRecord {
  const app = world.apps.bySlug(slug);
  if (app === undefined) {
    throw notFound();
  }
  return app;
}

function showApp(world: World, { url }: Browsing, [, slug]: readonly string[]): PageAnswer {
  const app = appOf(world, slug);
  return shown(
    app.name,
    html`<p>App ID: ${app.id}, client ID: ${app.clientId}</p><h2 id="private-key">Private keys</h2>
<p>${app.keys.length} in use.</p><form action="${url.pathname}/keys" method="post"><button>Generate a private key</button></form>`,
  );
}

/** A key is given once, as a file. */
function makeKey(world: World, _browsing: Browsing, [, slug]: readonly string[]): PageAnswer {
  const app = appOf(world, slug);
  const pem = newKey();
  app.keys.push(publicHalf(pem));
  const disposition = `attachment; filename="${app.slug}.private-key.pem"`;
  return {
    status: 200,
    headers: { 'content-type': 'application/x-pem-file', 'content-disposition': disposition },
    body: pem,
  };
}

function showInstallation(world: World, { url }: Browsing, [, slug]: readonly string[]): PageAnswer {
  const app = appOf(world, slug);
  const own = [...world.repositories.values()].filter((repository) => repository.owner === app.owner);
  const boxes = own.map(
    ({ fullName }) =>
      html`<p><label><input type="checkbox" name="repository" value="${fullName}"> ${fullName}</label></p>`,
  );
  return shown(
    `Install ${app.name}`,
    html`<form action="${url.pathname}" method="post">
<p><label><input type="radio" name="selection" value="all" checked> All repositories</label></p>
<p><label><input type="radio" name="selection" value="selected"> Only select repositories</label></p>${boxes}<button>Install</button></form>`,
  );
}

function installApp(world: World, { fields }: Browsing, [, slug]: readonly string[]): PageAnswer {
  const app = appOf(world, slug);
  const chosen = fields.getAll('repository');
  const isAll = fields.get('selection') === 'all';
  if (!isAll && chosen.length === 0) {
    throw new Refusal(422, 'Choose at least one repository');
  }
  world.apps.install(app, app.owner, isAll ? 'all' : chosen);
  return shown(
    `${app.name} is installed`,
    html`<p>On ${isAll ? `all repositories of ${app.owner.login}` : chosen.join(', ')}.</p>`,
  );
}
