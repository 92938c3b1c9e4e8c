import { PreviewProblem } from '../../../judgement/preview-problem.js';
import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import {
  clusterFile,
  clusterFolder,
  PREVIEWS_FOLDER,
  previewFolder,
  recordFile,
} from '../../../preview-records/paths.js';
import { type PreviewRecord, writeRecord } from '../../../preview-records/record.js';
import type { TreeReader } from '../../../tree/tree-reader.js';
import { InvalidYaml } from '../../../yaml/parse.js';
import { type RenderContext, type RenderedPreview, renderPreview, timeFiles } from '../manifests/render.js';
import { type Candidate, hasSlot, type Turn } from './candidate.js';
import { type Decision, decisionOn } from './decision.js';
import { expiryAfter, laterOf } from './expiry.js';
import type { PreviewChanges } from './preview-changes.js';

export interface Activation {
  now: Date;
  previews: PreviewPolicy;
  changes: PreviewChanges;
  /** Whether a preview's folder and its object for the cluster are there. */
  isComplete: (name: string) => boolean;
  /** Reads what previews are rendered from, once for all of them. */
  context: () => Promise<RenderContext>;
}

/**
 * Decides about a preview that may have a slot: it is opened or updated, or stays as it is. It is rendered when it is opened or
 * requested, when files of it are missing, when the host environment or what it is built from has changed, and on request.
 *
 * @returns `failed` where it cannot be rendered; then none of its files change, unless what it is built from has changed
 * @throws whatever the tree throws
 */
export async function activate(candidate: Candidate, activation: Activation): Promise<Decision> {
  const { previews, changes, isComplete, context } = activation;
  const { before, requested, changed, isOvertaken, turn } = candidate;
  const opens = !hasSlot(candidate);
  const complete = isComplete(candidate.record.name);
  const oldHost = before !== undefined && before.host !== previews.host ? before.host : undefined;
  const stays = !opens && complete && oldHost === undefined;
  const isLeftAlone = stays && !requested && turn === undefined;
  if (stays && turn?.to === 'kept' && !isOvertaken) {
    return prolong(candidate, turn, activation);
  }
  if (isLeftAlone && !isOvertaken) {
    return decisionOn(candidate.record, 'kept', UNCHANGED, { preview: await asItIs(candidate, activation) });
  }
  const wanted = wantedOf(candidate, activation);
  const rendered = await tryToRender(context, wanted, oldHost !== undefined);
  if (rendered.preview === undefined) {
    return notRendered(candidate, wanted, rendered, changes);
  }
  const { preview } = rendered;
  const record: PreviewRecord = { ...wanted, uses: preview.uses, size: preview.size };
  const paths = await changes.render(record.name, preview.files);
  if (oldHost !== undefined) {
    await changes.remove(clusterFile(oldHost, record.name));
  }
  if (opens) {
    const reason = before === undefined ? 'its pull request or run requested it.' : 'a slot became free.';
    return decisionOn(record, 'opened', reason, { preview });
  }
  if (turn?.to === 'sleep') {
    return decisionOn(record, 'slept', turn.reason, { preview });
  }
  const hasNewContent = paths.some((path) => isContent(path, record.name));
  if (isLeftAlone) {
    return decisionOn(record, 'kept', hasNewContent ? 'what it is built from has changed.' : UNCHANGED, { preview });
  }
  return changed || hasNewContent || oldHost !== undefined || !complete
    ? decisionOn(record, 'updated', updateReason(candidate, previews.host), { preview })
    : decisionOn(record, 'unchanged', 'it is up to date.', { preview });
}

/** Reads what previews that wait are opened from, at once: `activate` goes by their order, and asks nobody again then. */
export function prepare(candidates: readonly Candidate[], activation: Activation): Promise<unknown> {
  return Promise.all(candidates.map((each) => tryToRender(activation.context, wantedOf(each, activation))));
}

const UNCHANGED = 'nothing changed.';

/**
 * What comes of a preview that cannot be rendered. One that was never there leaves nothing, and another stays as it is, with its record.
 *
 * One that runs and cannot be adapted to what it is built from now is taken down: the branch of previews takes that for all of them, and
 * there the patches of before would leave objects as they are in production. It opens by itself when it can be adapted. Where a file
 * cannot be read, nothing is built of it, and what runs stays.
 */
async function notRendered(
  candidate: Candidate,
  wanted: PreviewRecord,
  { problem, isUnreadable }: Failure,
  changes: PreviewChanges,
): Promise<Decision> {
  const { before, isOvertaken } = candidate;
  if (before === undefined) {
    return decisionOn(wanted, 'failed', problem, { state: 'gone' });
  }
  if (!hasSlot(candidate) || !isOvertaken || isUnreadable) {
    return decisionOn(before, 'failed', problem);
  }
  const waiting: PreviewRecord = { ...before, state: 'queued' };
  await changes.takeDown(before.name, before.host);
  await changes.write(recordFile(before.name), writeRecord(waiting));
  const reason = `${problem} What it is built from has changed, and nothing of it runs until that is mended.`;
  return decisionOn(waiting, 'failed', reason);
}

/** What a preview that stays consists of, for who tells of it; `undefined` where rendered now it would be another one. */
async function asItIs(
  { alwaysRender, record }: Candidate,
  { changes, context }: Activation,
): Promise<RenderedPreview | undefined> {
  const { preview } = alwaysRender ? await tryToRender(context, record) : {};
  return preview !== undefined && (await changes.has(preview.files)) ? preview : undefined;
}

/** The record of a preview that has a slot. */
function wantedOf(candidate: Candidate, { now, previews }: Activation): PreviewRecord {
  const record = hasSlot(candidate) ? candidate.record : opening(candidate, now, previews.ttlMs);
  return { ...record, host: previews.host, state: 'active' };
}

/** A record with its time from now on, and awake: what it is to open with. What waited for a place was not idle there. */
function opening({ record, before }: Candidate, now: Date, ttlMs: number): PreviewRecord {
  const { asleepAt: _, ...awake } = record;
  const updatedAt = before === undefined ? record.updatedAt : laterOf(record.updatedAt, now.toISOString());
  return { ...awake, updatedAt, expiresAt: expiryAfter(now, ttlMs, record.keptUntil) };
}

/** Writes a preview's new times where the cluster shows them. What runs in it stays as it is. */
async function prolong(candidate: Candidate, { reason }: Turn, activation: Activation): Promise<Decision> {
  const { record } = candidate;
  const { changes, context } = activation;
  try {
    await changes.touch(record.name, await timeFiles(await context(), record));
  } catch (error) {
    return decisionOn(record, 'failed', problemOf(error));
  }
  return decisionOn(record, 'prolonged', reason, { preview: await asItIs(candidate, activation) });
}

function updateReason({ record, before, requested, turn }: Candidate, host: string): string {
  if (before?.host !== host) {
    return `the host environment of previews is ${host} now.`;
  }
  if (turn !== undefined) {
    return turn.reason;
  }
  if (!requested) {
    return 'some of its files were missing.';
  }
  if (record.head === before.head && before.asleepAt !== undefined) {
    return 'its pull request asked for it while it was asleep.';
  }
  return record.head === before.head
    ? 'its apps, images or manifests have changed.'
    : `it is at ${record.head.slice(0, 7)} now, ${before.head.slice(0, 7)} before.`;
}

/** Whether a file says what runs. The namespace and the cluster's object change whenever the expiry does. */
function isContent(path: string, name: string): boolean {
  return path.startsWith(`${previewFolder(name)}/`) && path !== `${previewFolder(name)}/namespace.yaml`;
}

/** Why a preview cannot be rendered. */
interface Failure {
  preview?: never;
  /** For people: one sentence or more, with a full stop. */
  problem: string;
  /** Whether a file is no valid YAML: then the cluster cannot build it either. */
  isUnreadable: boolean;
}

async function tryToRender(
  context: () => Promise<RenderContext>,
  record: PreviewRecord,
  isMoved = false,
): Promise<{ preview: RenderedPreview } | Failure> {
  try {
    return { preview: await renderPreview(await context(), record, isMoved) };
  } catch (error) {
    return { problem: problemOf(error), isUnreadable: error instanceof InvalidYaml };
  }
}

/** Why a preview cannot be rendered. @throws any other error */
function problemOf(error: unknown): string {
  if (error instanceof PreviewProblem || error instanceof InvalidYaml) {
    return error.message;
  }
  throw error;
}

/**
 * Reads which previews have both their folder and their object for the cluster: two listings for all.
 *
 * @param host the environment whose cluster has the objects
 * @throws whatever the tree throws
 */
export async function readComplete(tree: TreeReader, host: string): Promise<(name: string) => boolean> {
  const [folders = [], objects = []] = await Promise.all([tree.list(PREVIEWS_FOLDER), tree.list(clusterFolder(host))]);
  const folderNames = new Set(folders.map((entry) => entry.name));
  const objectNames = new Set(objects.map((entry) => entry.name));
  return (name) => folderNames.has(name) && objectNames.has(`${name}.yaml`);
}
