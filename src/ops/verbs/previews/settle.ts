import type { PreviewPolicy } from '../../policy/preview-policy.js';
import { clusterFile, clusterFolder, PREVIEWS_FOLDER, previewFolder } from '../../preview-records/paths.js';
import type { PreviewRecord } from '../../preview-records/record.js';
import { InvalidYaml } from '../../yaml/parse.js';
import type { PreviewChanges } from './changes.js';
import { type Decision, decisionOn } from './decision.js';
import { PreviewProblem } from './problem.js';
import { type RenderContext, type RenderedPreview, renderPreview } from './render.js';

/** A preview that should be, if there is a slot for it. */
export interface Candidate {
  record: PreviewRecord;
  /** As the repository has it, `undefined` for a new one. */
  before: PreviewRecord | undefined;
  was: PreviewRecord['state'] | undefined;
  /** Whether this run is about it. */
  wanted: boolean;
  /** Whether the run brings something new: another commit, other images. */
  changed: boolean;
  /** Whether it is rendered even if it stays as it is. */
  shown: boolean;
}

interface Settling {
  candidates: readonly Candidate[];
  changes: PreviewChanges;
  /** Slots for them. */
  limit: number;
  now: Date;
  previews: PreviewPolicy;
  context: () => Promise<RenderContext>;
}

/**
 * Gives the slots away: first to previews that have one, then to those that wait, each in the order they were asked for;
 * and renders those that are opened, wanted, or not there as their record says. One that cannot be rendered leaves its
 * place to the next.
 */
export async function settle(settling: Settling): Promise<Decision[]> {
  const { candidates, limit, changes } = settling;
  const isThere = await readWhatIsThere(settling);
  const decisions: Decision[] = [];
  let taken = 0;
  let waiting = 0;
  for (const candidate of inLine(candidates)) {
    if (taken < limit) {
      const decision = await activate(settling, candidate, isThere(candidate.record));
      decisions.push(decision.state === 'queued' ? { ...decision, position: ++waiting } : decision);
      taken += decision.state === 'active' ? 1 : 0;
    } else {
      if (candidate.was === 'active' && candidate.before !== undefined) {
        await changes.takeDown(candidate.record.name, candidate.before.host);
      }
      decisions.push(queue(settling, candidate, ++waiting));
    }
  }
  return decisions;
}

/** Previews that have a slot first, then the queue, oldest first. */
function inLine(candidates: readonly Candidate[]): Candidate[] {
  const rank = ({ was }: Candidate) => (was === 'active' ? 0 : 1);
  return [...candidates].sort(
    (one, other) =>
      rank(one) - rank(other) ||
      Date.parse(one.record.createdAt) - Date.parse(other.record.createdAt) ||
      (one.record.name < other.record.name ? -1 : 1),
  );
}

async function activate(settling: Settling, candidate: Candidate, isThere: boolean): Promise<Decision> {
  const { changes, now, previews } = settling;
  const { before, was, wanted, changed } = candidate;
  const opens = was !== 'active';
  const moved = before !== undefined && before.host !== previews.host;
  if (!opens && !wanted && isThere && !moved) {
    const shown = candidate.shown ? await tryToRender(settling, candidate.record) : '';
    const preview = typeof shown === 'string' ? undefined : shown;
    return decisionOn(candidate.record, 'kept', 'it stays as it is.', { preview });
  }
  const until = new Date(now.getTime() + previews.ttlMs).toISOString();
  const record: PreviewRecord = {
    ...candidate.record,
    ...(opens ? { expiresAt: until } : {}),
    host: previews.host,
    state: 'active',
  };
  const preview = await tryToRender(settling, record);
  if (typeof preview === 'string') {
    return { ...decisionOn(before ?? record, 'failed', preview, before === undefined ? { state: 'gone' } : {}) };
  }
  const paths = await changes.render(record.name, preview.files);
  if (moved) {
    await changes.remove(clusterFile(before.host, record.name));
  }
  if (opens) {
    const reason = was === 'queued' ? 'a slot is free for it now.' : 'its pull request or run asked for it.';
    return decisionOn(record, 'opened', reason, { preview });
  }
  const news = paths.some((path) => tellsMoreThanTime(path, record.name));
  return changed || news || moved || !isThere
    ? decisionOn(record, 'updated', whatIsNew(candidate, moved), { preview })
    : decisionOn(record, 'unchanged', 'it is as wanted already.', { preview });
}

function whatIsNew({ record, before, wanted }: Candidate, moved: boolean): string {
  if (moved) {
    return `previews are on ${record.host === before?.host ? 'another host' : record.host} now.`;
  }
  if (!wanted) {
    return 'files of it were missing.';
  }
  return record.head === before?.head
    ? 'what it is made of has changed.'
    : `it is at ${record.head.slice(0, 7)} now, ${before?.head.slice(0, 7) ?? 'nothing'} before.`;
}

/** The namespace and the cluster's object change whenever a preview's time is prolonged. */
function tellsMoreThanTime(path: string, name: string): boolean {
  return path.startsWith(`${previewFolder(name)}/`) && path !== `${previewFolder(name)}/namespace.yaml`;
}

function queue({ previews }: Settling, candidate: Candidate, position: number): Decision {
  const record: PreviewRecord = { ...candidate.record, host: previews.host, state: 'queued' };
  const slots = `all ${previews.limit} previews that may be at a time are taken`;
  if (candidate.was === 'queued' && !candidate.wanted) {
    return decisionOn(candidate.record, 'kept', `it waits, since ${slots}.`, { position });
  }
  const reason =
    candidate.was === 'active' ? 'there may be fewer previews now, and it is among the youngest.' : `${slots}.`;
  return decisionOn(record, 'queued', reason, { position });
}

/** @returns the preview, or why there is none */
async function tryToRender({ context }: Settling, record: PreviewRecord): Promise<RenderedPreview | string> {
  try {
    return await renderPreview(await context(), record);
  } catch (error) {
    if (error instanceof PreviewProblem || error instanceof InvalidYaml) {
      return error.message;
    }
    throw error;
  }
}

/** Which previews have their folder and their object in the cluster: two listings for all. */
async function readWhatIsThere({ changes, previews }: Settling): Promise<(record: PreviewRecord) => boolean> {
  const [folders = [], objects = []] = await Promise.all([
    changes.tree.list(PREVIEWS_FOLDER),
    changes.tree.list(clusterFolder(previews.host)),
  ]);
  return ({ name }) =>
    folders.some((entry) => entry.name === name) && objects.some((entry) => entry.name === `${name}.yaml`);
}
