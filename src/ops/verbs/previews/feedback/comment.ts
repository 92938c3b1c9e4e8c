import { cutMarkdown } from '../../../../report/cut.js';
import { code, details as collapsed, link, plain, table } from '../../../../report/markdown.js';
import { codeVersion } from '../../../../report/short-version.js';
import { utc } from '../../../../report/time.js';
import { durationOf } from '../../../../runtime/duration.js';
import type { LeftOut } from '../../../judgement/left-out.js';
import { commandHelp } from '../commands/command-help.js';
import type { CommandsOffered, ImageDetails, PreviewDetails } from './details.js';
import { type PreviewStage, type PreviewStatus, STAGES } from './status.js';

/** The hidden line by which the comment of a preview is found. */
export function commentMarker(name: string): string {
  return `<!-- ostack:preview ${name} -->`;
}

/** What a comment reports, in a hidden line for later runs to compare with. */
export interface ReportedState {
  stage: PreviewStage;
  /** Full id of the commit. */
  head: string;
}

const STATE = /<!-- ostack:state ([a-z-]+) ([0-9a-f]+) -->/;

function stateMarker({ stage, head }: ReportedState): string {
  return `<!-- ostack:state ${slug(stage)} ${head} -->`;
}

/** Reads what a comment reports, `undefined` where it has no such line. */
export function reportedState(body: string): ReportedState | undefined {
  const [, name, head] = STATE.exec(body) ?? [];
  const stage = STAGES.find((each) => slug(each) === name);
  return stage === undefined || head === undefined ? undefined : { stage, head };
}

function slug(stage: PreviewStage): string {
  return stage.replaceAll(' ', '-');
}

/** GitHub refuses a comment of more than 65,536 characters; this leaves room for the note about a newer commit. */
const COMMENT_BYTES = 65_000;

/** Most apps in the table; the others are counted. */
const MOST_APPS = 60;

/** Most objects in the list of what is left out. */
const MOST_LEFT_OUT = 40;

/**
 * The comment on a preview's pull request, Markdown. Names and other texts from outside are escaped.
 *
 * @returns at most 65,536 bytes
 */
export function renderComment(preview: PreviewDetails, status: PreviewStatus): string {
  const { name, head, notices, leftOut, newerHead, commands } = preview;
  const { stage } = status;
  const heading = `${commentMarker(name)}\n${stateMarker({ stage, head })}\n### Preview ${code(name)}: ${stage}`;
  const parts =
    stage === 'removed'
      ? [heading, sentence(preview, status), footer(preview, stage)]
      : [
          heading,
          sentence(preview, status),
          ...appTable(preview),
          ...asOf(preview),
          ...untilParts(preview),
          ...leftOutList(leftOut),
          ...notices.map((notice) => `> ${plain(notice)}`),
          ...commandList(commands),
          footer(preview, stage),
        ];
  const body = cutMarkdown(`${parts.join('\n\n')}\n`, COMMENT_BYTES);
  return withNewerHead(body, stage === 'removed' ? undefined : newerHead);
}

function appTable({ apps, host }: PreviewDetails): string[] {
  const shown = [...apps].sort((a, b) => Number(b.changed) - Number(a.changed)).slice(0, MOST_APPS);
  const more = apps.length - shown.length;
  const rows = shown.map(({ app, images, url, changed }) => [
    changed ? `**${plain(app)}**` : plain(app),
    images.map(imageCell).join('<br>'),
    changed ? 'this pull request' : plain(host),
    url === '' ? '' : link(url.replace(/^https?:\/\//, ''), url),
  ]);
  return [
    ...(rows.length === 0 ? [] : [table(['app', 'version', 'as in', 'address'], rows)]),
    ...(more === 0 ? [] : [`And ${more} more ${more === 1 ? 'app' : 'apps'}, which its files list.`]),
  ];
}

/**
 * Of when the table is. It is right for good, so that nothing has to be told again: what a preview is built from changes for all of them
 * at once, and a run may not write to every repository that has one.
 */
function asOf({ commitUrl, filesUrl }: PreviewDetails): string[] {
  if (commitUrl === '') {
    return [];
  }
  const commit = commitUrl.slice(commitUrl.lastIndexOf('/') + 1, commitUrl.lastIndexOf('/') + 8);
  const now = filesUrl === '' ? '' : ` What it has now: ${link('its files', filesUrl)}.`;
  return [`As of ${link(commit, commitUrl)} in ops.${now}`];
}

function imageCell({ image, version, digest }: ImageDetails): string {
  const parts = [codeVersion(version), ...(digest === '' ? [] : [code(shortDigest(digest))])];
  return `${image === '' ? '' : `${plain(image)} `}${parts.join(' ')}`;
}

/** What is not there, and why, folded: most people look for what is. */
function leftOutList(leftOut: readonly LeftOut[]): string[] {
  if (leftOut.length === 0) {
    return [];
  }
  const shown = leftOut.slice(0, MOST_LEFT_OUT);
  const more = leftOut.length - shown.length;
  const lines = shown.map(({ app, kind, name, part, reason }) => {
    const what = name === undefined ? `every ${code(kind)}` : code(`${kind} ${name}`);
    return `- ${what} of ${plain(app)}${part === undefined ? '' : `, without ${plain(part)}`}: ${plain(reason)}.`;
  });
  const rest = more === 0 ? [] : [`- And ${more} more.`];
  return [collapsed(`Left out: ${leftOut.length}`, [...lines, ...rest].join('\n'))];
}

/** What tells until when a preview is there. */
type Lifetime = Pick<PreviewDetails, 'expiresAt' | 'keptUntil' | 'fork'>;

/** The hidden line before the paragraph that says until when a preview is there. */
const UNTIL_MARKER = '<!-- ostack:until -->';
const UNTIL = /<!-- ostack:until -->\n[^\n]*/;

function untilParts({ expiresAt, keptUntil, fork }: Lifetime): string[] {
  if (expiresAt === '') {
    return [];
  }
  const until = `**${utc(new Date(expiresAt))}**`;
  const isKept = keptUntil !== '' && Date.parse(keptUntil) >= Date.parse(expiresAt);
  const longer = fork === true ? 'longer when the label is put on again' : 'longer with each push';
  const text = isKept ? `It is kept until ${until}.` : `It is there until ${until}, and ${longer}.`;
  return [`${UNTIL_MARKER}\n${text}`];
}

/**
 * Replaces what a comment says of the time that a preview is there. Nothing else of the comment changes.
 *
 * @param body a comment by `renderComment`, as GitHub returns it
 */
export function withUntil(body: string, preview: Lifetime): string {
  const [text] = untilParts(preview);
  const current = body.replaceAll('\r\n', '\n');
  return text === undefined ? current : current.replace(UNTIL, () => text);
}

/** What may be asked of it, folded. */
function commandList(commands: CommandsOffered | undefined): string[] {
  if (commands === undefined) {
    return [];
  }
  const rows = commandHelp(commands.keepMs).map(({ command, label, does }) => [code(command), code(label), does]);
  const text = 'For people who may write to this repository, in a comment of its own, or by a label.';
  return [collapsed('Commands', `${text}\n\n${table(['comment', 'label', 'what it does'], rows)}`)];
}

function footer({ head, commitUrl, runUrl, opsTookMs }: PreviewDetails, stage: PreviewStage): string {
  return [
    `Commit ${code(head.slice(0, 7))}`,
    ...(commitUrl === '' || stage !== 'removed' ? [] : [link('change in ops', commitUrl)]),
    ...(opsTookMs === undefined ? [] : [`written by ops ${durationOf(opsTookMs)} after it was asked`]),
    ...(stage === 'failed' && runUrl !== '' ? [link('run', runUrl)] : []),
  ].join(' · ');
}

/** The hidden line and the paragraph about a newer commit. */
const NEWER = /\n\n<!-- ostack:newer [0-9a-f]+ -->\n> [^\n]*/;

/** The hidden line with the state, and the heading below it. */
const STATE_AND_HEADING = new RegExp(`${STATE.source}\\n[^\\n]*`);

/**
 * Sets or removes the note in a comment that its pull request has a newer commit. Nothing else of the comment changes.
 *
 * @param body a comment by `renderComment`, as GitHub returns it
 * @param newer full id of that commit, `undefined` for no note
 */
export function withNewerHead(body: string, newer: string | undefined): string {
  const current = body.replaceAll('\r\n', '\n').replace(NEWER, '');
  if (newer === undefined) {
    return current;
  }
  const note =
    `<!-- ostack:newer ${newer} -->\n> **Outdated:** the pull request is at ${code(newer.slice(0, 7))} now. ` +
    'To update the preview, a maintainer reviews that commit, removes the label and adds it again.';
  return current.replace(STATE_AND_HEADING, (heading) => `${heading}\n\n${note}`);
}

/** A status in a sentence or two, Markdown. */
function sentence(preview: PreviewDetails, status: PreviewStatus): string {
  switch (status.stage) {
    case 'queued':
      return (
        `All ${status.limit} slots for previews are taken. This one is number ${status.position} in the queue and opens ` +
        'by itself when a slot is free.'
      );
    case 'deploying':
      return 'Its files are in the ops repository, and the cluster deploys them from there.';
    case 'rolling out':
      return 'Its files are in the ops repository; waiting for the cluster to apply them.';
    case 'probing':
      return 'The cluster has applied it; waiting for its addresses to answer.';
    case 'live':
      return preview.apps.some(({ url }) => url !== '') ? 'It runs and answers.' : 'It runs.';
    case 'asleep':
      return asleep(status, preview);
    case 'failed':
      return `It failed: ${plain(status.reason)}`;
    case 'removed':
      return `It was removed: ${plain(status.reason)}`;
  }
}

function asleep(
  { since, reason }: Extract<PreviewStatus, { stage: 'asleep' }>,
  { commands, fork }: Pick<PreviewDetails, 'commands' | 'fork'>,
): string {
  const why = reason === '' ? '' : `, because ${plain(reason.replace(/\.$/, ''))}`;
  const next = fork === true ? 'the label, put on again' : 'the next push';
  const how = commands === undefined ? next : `${next}, or with the comment ${code('/preview wake')}`;
  return (
    `It sleeps since ${utc(new Date(since))}${why}: all is scaled to zero, and its addresses do not answer. ` +
    `Its data is kept. It wakes with ${how}.`
  );
}

function shortDigest(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 12);
}
