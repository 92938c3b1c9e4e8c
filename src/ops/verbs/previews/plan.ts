import type { Policy } from '../../policy/policy.js';
import { type PreviewPolicy, previewPolicy } from '../../policy/preview-policy.js';
import { previewName } from '../../preview-records/name.js';
import { clusterFolder, PREVIEWS_FOLDER, recordFile } from '../../preview-records/paths.js';
import { type BrokenRecord, type PreviewRecord, writeRecord } from '../../preview-records/record.js';
import { type Records, readRecords } from '../../preview-records/records.js';
import type { Change } from '../../tree/change.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { toYaml } from '../../yaml/to-yaml.js';
import { surroundingsOf } from './app-overlay.js';
import { PreviewChanges } from './changes.js';
import { clusterList, readCluster } from './cluster.js';
import type { Decision, ReconcileRequest } from './decision.js';
import type { RenderContext } from './render.js';
import { type Candidate, settle } from './settle.js';
import { pullRequestsOf, whyGone } from './survive.js';
import { wishOf } from './want.js';

export interface ReconcileInput extends ReconcileRequest {
  /** The ops repository at one commit. */
  tree: TreeReader;
  policy: Policy;
  /** Address of the ops repository, for Argo CD where no Application of the host tells it. */
  repoURL?: string | undefined;
}

export interface ReconcilePlan {
  /** Files under `previews/<name>/`, `.ostack/previews/` and `clusters/<host>/previews/`, and no others. */
  change: Change;
  /** What becomes of each preview, by name; the wanted one is always among them. */
  decisions: Decision[];
  /** Records that cannot be read: left as they are, and counted. */
  broken: BrokenRecord[];
}

/**
 * Plans one commit that makes the previews of an ops repository what they should be: those of closed pull requests and
 * those whose time is over go, the wanted one is opened or updated, freed slots go to those who wait, in the order they
 * asked, whichever repository they are of. Planned again on its own result it changes nothing.
 *
 * @throws whatever the tree throws; Error when the overlays' layout cannot be told
 */
export async function planReconcile(input: ReconcileInput): Promise<ReconcilePlan> {
  const { tree } = input;
  const previews = previewPolicy(input.policy);
  const { records, broken } = await readRecords(tree);
  const gone = records.flatMap((record) => whyGone(record, input) ?? []);
  const restore = wishCandidate(input, { records, broken }, gone, previews);
  const goneNames = new Set(gone.map(({ name }) => name).filter((name) => name !== restore.candidate?.record.name));
  const staying = records.filter(({ name }) => !goneNames.has(name) && name !== restore.candidate?.record.name);
  const candidates = [
    ...staying.map((record) => asItIs(record, input)),
    ...(restore.candidate === undefined ? [] : [restore.candidate]),
  ];
  const changes = new PreviewChanges(tree);
  const left = gone.filter(({ name }) => goneNames.has(name));
  await Promise.all(left.map(({ name, record }) => changes.forget(name, record?.host ?? previews.host)));
  const stuck = broken.filter(({ name }) => name !== restore.candidate?.record.name);
  const settled = await settle({
    candidates,
    changes,
    limit: previews.limit - (await countRendered(tree, stuck)),
    now: input.now,
    previews,
    context: contextOnce(input, previews),
  });
  await writeRecords(changes, settled);
  if (!changes.isEmpty) {
    await updateList(input, previews, changes);
  }
  const decisions = [...left, ...settled, ...(restore.decision === undefined ? [] : [restore.decision])];
  const told = withoutDoubles(decisions, restore.decision).map((decision) => withNewerHead(decision, input));
  return { change: changes.change, decisions: inOrder(told), broken };
}

/** The wanted preview as a candidate, or what is to be said of it. */
function wishCandidate(
  input: ReconcileInput,
  { records, broken }: Records,
  gone: readonly Decision[],
  previews: PreviewPolicy,
): { candidate?: Candidate; decision?: Decision } {
  const { wanted } = input;
  if (wanted === undefined) {
    return {};
  }
  const name = previewName(wanted.workspace, wanted.subject);
  const before = records.find((record) => record.name === name);
  const unreadable = broken.find((each) => each.name === name);
  const restore = wishOf(wanted, input, before, unreadable, previews);
  if (restore.kind === 'record') {
    const was = before?.state;
    return { candidate: { record: restore.record, before, was, wanted: true, changed: restore.changed, shown: true } };
  }
  const goes = gone.some((decision) => decision.name === name);
  const decision: Decision = {
    name,
    repository: wanted.repository,
    pullRequest: 'pullRequest' in wanted.subject ? wanted.subject.pullRequest : undefined,
    action: restore.kind,
    state: goes || before === undefined ? 'gone' : before.state,
    position: undefined,
    reason: restore.reason,
    record: restore.kind === 'failed' ? undefined : before,
    preview: undefined,
  };
  return { decision };
}

/** What is said of the wanted preview stands in place of that it is kept, not of that it goes. */
function withoutDoubles(decisions: readonly Decision[], restore: Decision | undefined): Decision[] {
  const goes = decisions.some(
    ({ name, state }) => name === restore?.name && state === 'gone' && restore.action === 'skipped',
  );
  return decisions.filter((decision) => {
    if (restore === undefined || decision.name !== restore.name || restore.action === 'failed') {
      return true;
    }
    return goes && decisions.some((other) => other !== restore && other.name === restore.name)
      ? decision !== restore
      : decision === restore;
  });
}

/** A fork's preview follows no push; every other one is followed by the run of that push. */
function withNewerHead(decision: Decision, request: ReconcileRequest): Decision {
  const { record, repository, pullRequest } = decision;
  if (record?.pullRequest?.fork !== true || decision.state === 'gone') {
    return decision;
  }
  const open = pullRequestsOf(request, repository)?.open.find(({ number }) => number === pullRequest);
  return { ...decision, newerHead: open === undefined || open.head === record.head ? undefined : open.head };
}

function asItIs(record: PreviewRecord, { show }: ReconcileInput): Candidate {
  const shown = show?.has(record.name) ?? false;
  return { record, before: record, was: record.state, wanted: false, changed: false, shown };
}

/** Broken records hold a slot when something runs of them. */
async function countRendered(tree: TreeReader, broken: readonly BrokenRecord[]): Promise<number> {
  if (broken.length === 0) {
    return 0;
  }
  const folders = (await tree.list(PREVIEWS_FOLDER)) ?? [];
  return broken.filter(({ name }) => folders.some((entry) => entry.name === name)).length;
}

/** What previews are rendered from, read when the first one is. */
function contextOnce(input: ReconcileInput, policy: PreviewPolicy): () => Promise<RenderContext> {
  let context: Promise<RenderContext> | undefined;
  async function read(): Promise<RenderContext> {
    const [surroundings, cluster] = await Promise.all([
      surroundingsOf(input.tree, input.policy.overlay, policy),
      readCluster(input.tree, policy.host, policy.reconciler),
    ]);
    const { guests } = input.policy;
    return { ...surroundings, ...{ policy, cluster, guests }, repoURL: input.repoURL };
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

/** Keeps the list of previews, where the cluster's folder has a kustomization of its own. */
async function updateList(
  { tree }: ReconcileInput,
  { host, reconciler }: PreviewPolicy,
  changes: PreviewChanges,
): Promise<void> {
  const { listed } = await readCluster(tree, host, reconciler);
  const names = listed ? await changes.namesIn(clusterFolder(host)) : [];
  if (listed) {
    const resources = names.filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml');
    const list = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources };
    await changes.write(clusterList(host), toYaml(list, 'The previews there are. Written by oStack.'));
  }
}

function inOrder(decisions: readonly Decision[]): Decision[] {
  return [...decisions].sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}
