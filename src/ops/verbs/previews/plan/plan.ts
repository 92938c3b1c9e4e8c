import { openPreviewsOf } from '../../../judgement/open-previews.js';
import type { Policy } from '../../../policy/policy.js';
import { type PreviewPolicy, previewPolicy } from '../../../policy/preview-policy.js';
import { previewName } from '../../../preview-records/name.js';
import { PREVIEWS_FOLDER, recordFile } from '../../../preview-records/paths.js';
import { type Records, readRecords } from '../../../preview-records/read-records.js';
import { type BrokenRecord, type PreviewRecord, writeRecord } from '../../../preview-records/record.js';
import { readCluster } from '../../../reconcilers/cluster.js';
import { sharingOf } from '../../../repository/workspaces.js';
import type { Change } from '../../../tree/change.js';
import type { TreeReader } from '../../../tree/tree-reader.js';
import { readAppSources } from '../manifests/app-overlay.js';
import type { RenderContext } from '../manifests/render.js';
import { activate, prepare, readComplete } from './activation.js';
import type { Candidate } from './candidate.js';
import { keepClusterFolder } from './cluster-list.js';
import { answerTo, type CommandAnswer, type Obedience, obey } from './command.js';
import type { Decision } from './decision.js';
import { desiredRecord } from './desired-record.js';
import { idleReason, isIdle } from './idle.js';
import { assignSlots } from './limit.js';
import { listOf } from './open-pull-requests.js';
import { PreviewChanges } from './preview-changes.js';
import { queue } from './queue.js';
import { removalOf } from './removal.js';
import type { ReconcileRequest } from './request.js';

export interface ReconcileInput extends ReconcileRequest {
  /** The ops repository at one commit of the deployed branch, with `previews/` of the branch of previews. */
  tree: TreeReader;
  /** Git's ids of files in `previews/`, where they are known. */
  ids?: ReadonlyMap<string, string> | undefined;
  policy: Policy;
  /** Address of the ops repository, for where no object of the host environment's cluster has one. */
  repoURL?: string | undefined;
  /** `owner/name` of the ops repository. */
  repository?: string | undefined;
}

export interface ReconcilePlan {
  /** Files under `previews/`, and no others. */
  change: Change;
  /** All files of the previews whose folders change, by name of the preview; none of those that go. */
  whole: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** One for each preview, by name, and always one for the requested preview. */
  decisions: Decision[];
  /** Records that cannot be read. Nothing changes their previews, and each that is rendered takes a slot. */
  broken: BrokenRecord[];
  /** What is told to whoever gave a command; `undefined` where nobody did. */
  answer: CommandAnswer | undefined;
}

/**
 * Plans one commit that brings all previews of an ops repository up to date: those of closed pull requests and expired
 * ones are removed, the requested one is opened or updated, and free slots go to the queue, oldest first, whichever
 * repository a preview belongs to. Planned again on its own result it changes nothing.
 *
 * @throws whatever the tree throws
 * @throws Error when nothing shows where the overlays are
 */
export async function planReconcile(input: ReconcileInput): Promise<ReconcilePlan> {
  const { tree, now } = input;
  const previews = previewPolicy(input.policy);
  const { records, broken } = await readRecords(tree);
  const { candidate, decision } = requestedPreview(input, { records, broken }, previews);
  const others = records.filter(({ name }) => name !== candidate?.record.name);
  const obedience = obeyCommand(input, { records, broken }, previews);
  const removals = others.flatMap((record) => removalOf(record, withRemoval(input, obedience)) ?? []);
  const removed = new Set(removals.map(({ name }) => name));
  const staying = others
    .filter(({ name }) => !removed.has(name))
    .map((record) => turned(record, obedience, input, previews));
  const changes = new PreviewChanges(tree, input.ids);
  await Promise.all(removals.map(({ name, record }) => changes.removeAll(name, record?.host ?? previews.host)));
  const blocked = broken.filter(({ name }) => name !== candidate?.record.name);
  const slots = previews.limit - (await countRendered(tree, blocked));
  const isComplete = await readComplete(tree, previews.host);
  const activation = { now, previews, changes, isComplete, context: renderContext(input, previews) };
  const assigned = await assignSlots(candidate === undefined ? staying : [...staying, candidate], slots, {
    activate: (each) => activate(each, activation),
    queue: (each) => queue(each, previews, changes),
    prepare: (each) => prepare(each, activation),
  });
  await writeRecords(changes, assigned);
  if (!changes.isEmpty) {
    await keepClusterFolder(tree, previews, changes);
  }
  const decisions = withRequested([...removals, ...assigned], decision).map((each) => withList(each, input));
  const own = decisions.find(({ name }) => name === input.command?.name);
  const answer = obedience && answerTo(obedience, own);
  return { change: changes.change, whole: changes.whole, decisions: byName(decisions), broken, answer };
}

/** The requested preview as a candidate, or the decision where it cannot be one. */
function requestedPreview(
  input: ReconcileInput,
  { records, broken }: Records,
  previews: PreviewPolicy,
): { candidate?: Candidate; decision?: Decision } {
  const { requested } = input;
  if (requested === undefined) {
    return {};
  }
  const name = previewName(requested.workspace, requested.subject);
  const before = records.find((record) => record.name === name);
  const current = { record: before, broken: broken.find((each) => each.name === name) };
  const desired = desiredRecord(requested, input, current, previews);
  if (desired.kind === 'record') {
    const { record, changed } = desired;
    const isOvertaken = input.overtaken?.has(name) ?? false;
    return { candidate: { record, before, requested: true, changed, alwaysRender: true, isOvertaken } };
  }
  return {
    decision: {
      name,
      repository: requested.repository,
      pullRequest: 'pullRequest' in requested.subject ? requested.subject.pullRequest : undefined,
      action: desired.kind,
      state: before?.state ?? 'gone',
      position: undefined,
      reason: desired.reason,
      record: desired.kind === 'failed' ? undefined : before,
      preview: undefined,
    },
  };
}

/**
 * Adds the decision about a request that came to nothing. Of a preview that stays it replaces `kept`; of one that is
 * removed the removal is what counts; and a failed request says nothing about the preview that has its name.
 */
function withRequested(decisions: readonly Decision[], requested: Decision | undefined): readonly Decision[] {
  if (requested === undefined) {
    return decisions;
  }
  const isRemoved = decisions.some(({ name, state }) => name === requested.name && state === 'gone');
  if (requested.action === 'failed') {
    return [...decisions, isRemoved ? { ...requested, state: 'gone' } : requested];
  }
  return isRemoved ? decisions : [...decisions.filter(({ name }) => name !== requested.name), requested];
}

/**
 * Adds whether somebody listens to commands, and the newer commit of a fork's pull request. For all other pull requests the
 * run of that commit updates the preview.
 */
function withList(decision: Decision, { pullRequests }: ReconcileRequest): Decision {
  const { record, repository, pullRequest } = decision;
  const list = listOf(pullRequests, repository);
  const listened = list?.commands === true ? { ...decision, commands: true } : decision;
  if (record?.pullRequest?.fork !== true || decision.state === 'gone') {
    return listened;
  }
  const open = list?.open.find(({ number }) => number === pullRequest);
  return { ...listened, newerHead: open === undefined || open.head === record.head ? undefined : open.head };
}

function obeyCommand({ command, requested }: ReconcileInput, records: Records, previews: PreviewPolicy) {
  return command && obey(command, records, previews, requested !== undefined);
}

function withRemoval(input: ReconcileInput, obedience: Obedience | undefined): ReconcileRequest {
  const { command, remove = [] } = input;
  return obedience?.kind === 'removal' && command !== undefined
    ? { ...input, remove: [...remove, { ...command, reason: obedience.reason }] }
    : input;
}

/** A preview that this run does not request: as a command has it, asleep where it is idle, or as it is. */
function turned(
  before: PreviewRecord,
  obedience: Obedience | undefined,
  { alwaysRender, overtaken, now }: ReconcileInput,
  { sleepAfterMs }: PreviewPolicy,
): Candidate {
  const candidate = {
    ...{ before, requested: false, alwaysRender: alwaysRender?.has(before.name) ?? false },
    isOvertaken: overtaken?.has(before.name) ?? false,
  };
  if (obedience?.kind === 'turn' && obedience.record.name === before.name) {
    const { record, turn } = obedience;
    return { ...candidate, record, turn, changed: true };
  }
  if (isIdle(before, now, sleepAfterMs)) {
    const record = { ...before, asleepAt: now.toISOString() };
    const reason = idleReason(record, sleepAfterMs) ?? '';
    return { ...candidate, record, turn: { to: 'sleep', reason }, changed: true };
  }
  return { ...candidate, record: before, changed: false };
}

/** Counts previews with a broken record that have a folder: they may run, and so take a slot each. */
async function countRendered(tree: TreeReader, broken: readonly BrokenRecord[]): Promise<number> {
  if (broken.length === 0) {
    return 0;
  }
  const folders = (await tree.list(PREVIEWS_FOLDER)) ?? [];
  return broken.filter(({ name }) => folders.some((entry) => entry.name === name)).length;
}

/** Reads what previews are rendered from, when the first one is rendered. */
function renderContext(input: ReconcileInput, policy: PreviewPolicy): () => Promise<RenderContext> {
  let context: Promise<RenderContext> | undefined;
  async function read(): Promise<RenderContext> {
    const [sources, cluster] = await Promise.all([
      readAppSources(input.tree, input.policy, policy),
      readCluster(input.tree, policy.host, policy.reconciler),
    ]);
    const hasPreviews = input.policy.previews !== undefined;
    const [owner = '', name = ''] = (input.repository ?? '').split('/');
    return {
      ...sources,
      policy,
      hasPreviews,
      cluster,
      open: openPreviewsOf(cluster, policy, sharingOf(input.policy, { owner, name })),
      guests: input.policy.guests,
      repoURL: input.repoURL,
      repository: input.repository,
    };
  }
  return () => {
    context ??= read();
    return context;
  };
}

async function writeRecords(changes: PreviewChanges, decisions: readonly Decision[]): Promise<void> {
  await Promise.all(
    decisions.flatMap(({ record, action }) =>
      record === undefined || action === 'failed' ? [] : [changes.write(recordFile(record.name), writeRecord(record))],
    ),
  );
}

function byName(decisions: readonly Decision[]): Decision[] {
  return [...decisions].sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}
