import { cutMarkdown } from '../../../../report/cut.js';
import { code, link, plain, table } from '../../../../report/markdown.js';
import { utc } from '../../../../report/time.js';

/** Where a preview is on its way. */
export type PreviewStatus =
  | { stage: 'queued'; position: number; limit: number }
  /** Its files are committed; nobody waits for it. */
  | { stage: 'deploying' }
  | { stage: 'rolling out' }
  | { stage: 'probing' }
  | { stage: 'live' }
  | { stage: 'failed'; reason: string }
  | { stage: 'removed'; reason: string };

/** One row of the comment. */
export interface AppDetails {
  app: string;
  /** Tag of its image, or what the host environment runs. */
  version: string;
  /** `sha256:…`, empty where it is not known. */
  digest: string;
  /** Empty where it has no address. */
  url: string;
  /** Whether the pull request changes it. */
  changed: boolean;
}

/** What a comment, a summary and a deployment tell of one preview. */
export interface PreviewDetails {
  name: string;
  /** Full id of the pull request's commit that it runs. */
  head: string;
  /** Full id of the commit that the pull request has now, where a person decides whether the preview follows. */
  newerHead: string | undefined;
  apps: readonly AppDetails[];
  /** ISO 8601, empty where it does not matter any more. */
  expiresAt: string;
  /** What a person should know, in plain words. */
  notices: readonly string[];
  /** Page of the commit in the ops repository, empty where there is none. */
  commitUrl: string;
  /** Page of the run that tells more. */
  runUrl: string;
}

/** What the comment of a preview is found by. */
export function commentMarker(name: string): string {
  return `<!-- ostack:preview ${name} -->`;
}

/** What a comment says, for a later run to compare with. */
export interface CommentKey {
  stage: string;
  head: string;
}

/** Reads what a comment of ours says, `undefined` where it does not tell. */
export function keyOf(body: string): CommentKey | undefined {
  const match = /<!-- ostack:state ([a-z-]+) ([0-9a-f]+) -->/.exec(body);
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { stage: match[1].replaceAll('-', ' '), head: match[2] };
}

/** GitHub refuses a comment of more than 65,536 characters. */
const COMMENT_BYTES = 65_000;

/** Apps that a comment shows before it only counts them. */
const MOST_APPS = 60;

/** The comment on the pull request. Every text from outside is inert in it. */
export function renderComment(preview: PreviewDetails, status: PreviewStatus): string {
  const { name, head, apps, notices, commitUrl } = preview;
  const gone = status.stage === 'removed';
  const shown = [...apps].sort((a, b) => Number(b.changed) - Number(a.changed)).slice(0, MOST_APPS);
  const more = apps.length - shown.length;
  const rows = shown.map(({ app, version, digest, url, changed }) => [
    changed ? `**${plain(app)}**` : plain(app),
    [code(version), ...(digest === '' ? [] : [code(shortDigest(digest))])].join(' '),
    url === '' ? '' : link(url.replace(/^https?:\/\//, ''), url),
  ]);
  const parts = [
    `${commentMarker(name)}\n<!-- ostack:state ${status.stage.replaceAll(' ', '-')} ${head} -->\n### Preview ${code(name)}: ${status.stage}`,
    sentence(preview, status),
    ...(rows.length === 0 || gone ? [] : [table(['app', 'version', 'address'], rows)]),
    ...(more === 0 || gone ? [] : [`And ${more} more ${more === 1 ? 'app' : 'apps'}, which the change in ops lists.`]),
    ...(gone ? [] : notices.map((notice) => `> ${plain(notice)}`)),
    [
      `Commit ${code(head.slice(0, 7))}`,
      ...(commitUrl === '' ? [] : [link('change in ops', commitUrl)]),
      ...(status.stage === 'failed' && preview.runUrl !== '' ? [link('run', preview.runUrl)] : []),
      ...(gone || preview.expiresAt === ''
        ? []
        : [`goes ${utc(new Date(preview.expiresAt))} if nothing is pushed until then`]),
    ].join(' · '),
  ];
  const body = cutMarkdown(`${parts.join('\n\n')}\n`, COMMENT_BYTES);
  return withNewerHead(body, gone ? undefined : preview.newerHead);
}

const NEWER = /\n\n<!-- ostack:newer [0-9a-f]+ -->\n> [^\n]*/;

/**
 * A comment of ours with word of a newer commit that its preview does not show, or without; nothing else of it changes.
 *
 * @param newer full id of that commit
 */
export function withNewerHead(body: string, newer: string | undefined): string {
  const current = body.replaceAll('\r\n', '\n').replace(NEWER, '');
  if (newer === undefined) {
    return current;
  }
  const note =
    `<!-- ostack:newer ${newer} -->\n> **Outdated:** the pull request is at ${code(newer.slice(0, 7))} by now. ` +
    'It comes here when a maintainer has looked at it, takes the label off and puts it on again.';
  return current.replace(/^### Preview .*$/m, (heading) => `${heading}\n\n${note}`);
}

/** One sentence on how a preview stands, Markdown. */
function sentence(preview: PreviewDetails, status: PreviewStatus): string {
  switch (status.stage) {
    case 'queued':
      return (
        `All ${status.limit} places for previews are taken. This one is number ${status.position} in line and opens ` +
        'by itself when a place is free.'
      );
    case 'deploying':
      return 'Its files are in the ops repository, and the cluster takes them from there.';
    case 'rolling out':
      return 'Its files are in the ops repository; waiting for the cluster to report that it runs them.';
    case 'probing':
      return 'The cluster runs it; waiting for its addresses to answer.';
    case 'live':
      return preview.apps.some(({ url }) => url !== '') ? 'It runs and answers.' : 'It runs.';
    case 'failed':
      return `It is not live: ${plain(status.reason)}.`;
    case 'removed':
      return `It is gone: ${plain(status.reason)}.`;
  }
}

/** The same in one line without Markdown, for logs and deployments. */
export function statusLine(status: PreviewStatus): string {
  switch (status.stage) {
    case 'queued':
      return `queued, number ${status.position} in line (limit ${status.limit})`;
    case 'failed':
    case 'removed':
      return `${status.stage}: ${status.reason}`;
    default:
      return status.stage;
  }
}

function shortDigest(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 12);
}
