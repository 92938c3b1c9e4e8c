import { pullChanges } from '../views/pull.js';
import { headLabel } from '../world/forks.js';
import { listReleases } from '../world/releases.js';
import type { Repository } from '../world/repository.js';
import type { World } from '../world/world.js';
import { type Html, html, layout, list } from './html.js';
import { markdown } from './markdown.js';
import { runPage } from './run-page.js';

export interface Page {
  status: number;
  html: string;
}

type PageMaker = (repository: Repository, rest: string) => Promise<{ title: string; body: Html } | undefined>;

/** Pages by the part of the path after `/owner/name/`. */
const makers: [RegExp, PageMaker][] = [
  [/^(?:pulls|releases|branches)?$/, repositoryPage],
  [/^pull\/(\d+)$/, pullPage],
  [/^actions\/runs\/(\d+)(?:\/.*)?$/, runPageOf],
  [/^releases\/tag\/(.+)$/, releasePage],
  [/^commit\/([0-9a-f]{4,40})$/, commitPage],
  [/^compare\/(.+)$/, comparePage],
  [/^(?:blob|tree)\/(.+)$/, filePage],
];

/**
 * The web page of a path, for links in summaries and comments. Pages need no login; they are for the person at this
 * machine.
 */
export async function pageFor(world: World, path: string): Promise<Page> {
  const [, fullName = '', rest = ''] = /^\/([^/]+\/[^/]+)\/?(.*)$/.exec(decode(path)) ?? [];
  const repository = world.repositories.get(fullName.toLowerCase());
  if (repository === undefined) {
    return path === '/' ? { status: 200, html: frontPage(world) } : notFound(path);
  }
  for (const [pattern, make] of makers) {
    const match = pattern.exec(rest);
    const page = match === null ? undefined : await make(repository, match[1] ?? '');
    if (page !== undefined) {
      return { status: 200, html: layout(page.title, repository.fullName, page.body) };
    }
  }
  return notFound(path);
}

function notFound(path: string): Page {
  return { status: 404, html: layout('Not found', undefined, html`<p>The local GitHub has no page ${path}.</p>`) };
}

function frontPage(world: World): string {
  const names = [...world.repositories.values()].map(({ fullName }) => fullName);
  const links = names.map((name) => html`<a href="/${name}">${name}</a>`);
  return layout('The local GitHub', undefined, html`<h1>The local GitHub</h1>${list(links, 'No repositories yet.')}`);
}

async function repositoryPage(repository: Repository) {
  const { fullName } = repository;
  const pulls = [...repository.pulls.values()].reverse();
  const refs = [...(await repository.refs.list('refs/heads/'))];
  const runs = [...repository.runs.values()].reverse();
  const body = html`<h1>${fullName}</h1>
<h2>Pull requests</h2>
${list(
  pulls.map(
    (pull) =>
      html`<a href="/${fullName}/pull/${pull.number}">#${pull.number} ${pull.title}</a> <em>${stateOf(pull)}</em>`,
  ),
  'None.',
)}
<h2>Releases</h2>
${list(
  listReleases(repository, true).map(
    ({ tag }) => html`<a href="/${fullName}/releases/tag/${encodeURIComponent(tag)}">${tag}</a>`,
  ),
  'None.',
)}
<h2>Workflow runs</h2>
${list(
  runs.map(
    ({ id, number, title, workflow, conclusion, status }) =>
      html`<a href="/${fullName}/actions/runs/${id}">${workflow} #${number}: ${title}</a> <em>${conclusion ?? status}</em>`,
  ),
  'None.',
)}
<h2>Branches</h2>
${list(
  refs.map(
    ([ref, oid]) =>
      html`${ref.slice('refs/heads/'.length)} <a href="/${fullName}/commit/${oid}"><code>${oid.slice(0, 7)}</code></a>`,
  ),
  'None.',
)}`;
  return { title: fullName, body };
}

async function pullPage(repository: Repository, number: string) {
  const pull = repository.pulls.get(Number(number));
  if (pull === undefined) {
    return undefined;
  }
  const files = await pullChanges(repository, pull);
  const comments = [...repository.comments.values()].filter(({ issue }) => issue === pull.number);
  const diff = await repository.history.diff(
    (await repository.history.mergeBase(pull.baseOid, pull.headOid)) ?? pull.baseOid,
    pull.headOid,
  );
  const body = html`<h1>${pull.title} <small>#${pull.number}</small></h1>
<p><span class="state ${stateOf(pull)}">${stateOf(pull)}</span>
${pull.author.login} · <code>${headLabel(pull)}</code> → <code>${pull.baseRef}</code></p>
${written(pull.author.login, pull.body ?? '')}
${comments.map((comment) => written(comment.author.login, comment.body))}
<h2>${files.length} changed files</h2>
${diffOf(diff)}`;
  return { title: `${pull.title} · #${pull.number}`, body };
}

async function runPageOf({ runs }: Repository, id: string) {
  const run = runs.get(Number(id));
  return run === undefined ? undefined : runPage(run);
}

async function releasePage(repository: Repository, name: string) {
  const release = [...repository.releases.values()].find(
    ({ tag, draft, id }) => (draft ? `untagged-${id}` : tag) === name,
  );
  if (release === undefined) {
    return undefined;
  }
  const body = html`<h1>${release.name ?? release.tag}</h1>
<p><code>${release.tag}</code> · ${release.createdAt.toISOString()}</p>
${written(release.author.login, release.body ?? '')}`;
  return { title: release.name ?? release.tag, body };
}

async function commitPage(repository: Repository, oid: string) {
  const commit = await repository.history.commit(oid);
  if (commit === undefined) {
    return undefined;
  }
  const [parent] = commit.parents;
  const diff = parent === undefined ? '' : await repository.history.diff(parent, commit.oid);
  const body = html`<h1><code>${commit.oid.slice(0, 7)}</code></h1>
<p>${commit.author.name} · ${commit.committer.date.toISOString()}</p>
<pre class="text">${commit.message}</pre>
${diffOf(diff)}`;
  return { title: commit.message.split('\n')[0] ?? oid, body };
}

async function comparePage(repository: Repository, range: string) {
  const [from = '', to = ''] = range.split('...');
  const base = await repository.history.commit(from);
  const head = await repository.history.commit(to);
  if (base === undefined || head === undefined) {
    return undefined;
  }
  const fork = (await repository.history.mergeBase(base.oid, head.oid)) ?? base.oid;
  return { title: range, body: html`<h1>${range}</h1>${diffOf(await repository.history.diff(fork, head.oid))}` };
}

/** `blob/<ref>/<path>`: the ref may hold slashes, so the longest one that exists wins. */
async function filePage(repository: Repository, rest: string) {
  const parts = rest.split('/');
  for (let length = parts.length; length > 0; length--) {
    const commit = await repository.history.commit(parts.slice(0, length).join('/'));
    const path = parts.slice(length).join('/');
    const object = commit === undefined ? undefined : await repository.objects.read(`${commit.oid}:${path}`);
    if (object?.type === 'blob') {
      return { title: path, body: html`<h1>${path}</h1><pre>${object.content.toString('utf8')}</pre>` };
    }
  }
  return undefined;
}

/** What somebody wrote, as Markdown. */
function written(author: string, text: string): Html {
  return html`<article><header>${author}</header>${markdown(text, true)}</article>`;
}

function stateOf(pull: { mergedAt: Date | undefined; state: string }): string {
  return pull.mergedAt === undefined ? pull.state : 'merged';
}

function diffOf(text: string): Html {
  const kinds: Record<string, string> = { '+': 'added', '-': 'removed', '@': 'hunk' };
  const lines = text.split('\n').map((line) => html`<span class="${kinds[line.charAt(0)] ?? ''}">${line}</span>\n`);
  return html`<pre>${lines}</pre>`;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
