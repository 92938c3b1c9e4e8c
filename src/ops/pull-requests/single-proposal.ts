import type { Connected } from '../../github/connected.js';
import { formatTrailers } from '../ledger/trailers.js';
import type { Layout } from '../overlays/layout.js';
import { type MergeChoice, wantsMerge } from '../policy/merge-decision.js';
import { environmentPolicy } from '../policy/policy.js';
import { type ClusterChanges, clusterChanges } from '../render/cluster-changes.js';
import type { Snapshot } from '../repository/snapshot.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { unifiedDiff } from '../tree/unified-diff.js';
import { mergeSentence, pullRequestBody, startedBy, why } from './body.js';
import type { ProposeOptions } from './options.js';
import type { Planned, PlannedChange } from './planned.js';
import type { Proposal, ProposalReport } from './proposal.js';
import { propose } from './propose.js';

/** What every verb of one proposal is started with. */
export interface SingleProposalSettings {
  ops: Connected;
  reason: string | undefined;
  /** Who started it: a login. */
  by: string;
  runUrl: string;
  labels: readonly string[];
  merge: MergeChoice;
  options: ProposeOptions;
}

/** What a verb proposes, made of one snapshot. */
export interface SingleProposal {
  /** `onboard`, `lift`, `override`. */
  verb: string;
  /** The app that it is about; `*` for none. */
  app: string;
  /** What its commits name as environment: `base` where it is about all of them. */
  environment: string;
  /** The environments that it changes, where these are others. */
  environments?: readonly string[];
  /** Where the app is there, where the layout of the snapshot does not tell. */
  layout?: Layout;
  /** What its commits name as version. */
  version: string;
  /** `owner/repo@sha` of what it takes in from another repository. */
  source?: string | undefined;
  branch: string;
  title: string;
  /** What the pull request is about; its text stays while this does. */
  key: string;
  plan(tree: TreeReader): Promise<Planned>;
  /** Whether it is proven that the clusters stay as they are. */
  changesNothing?: boolean;
  /** What the pull request says above the changed lines, Markdown paragraphs. */
  paragraphs(planned: PlannedChange): Promise<string[]> | string[];
}

/**
 * Proposes one thing: one pull request in the ops repository.
 *
 * @throws Error when the repository cannot be read or written
 */
export function proposeOne(
  settings: SingleProposalSettings,
  prepare: (snapshot: Snapshot) => Promise<SingleProposal>,
): Promise<ProposalReport> {
  return propose(
    settings.ops,
    async (snapshot) => [proposalOf(snapshot, settings, await prepare(snapshot))],
    settings.options,
  );
}

function proposalOf(snapshot: Snapshot, settings: SingleProposalSettings, single: SingleProposal): Proposal {
  const { verb, app, environment, version, source, branch, title, key } = single;
  const { reason, by, runUrl: run, merge, labels } = settings;
  const { environments = [environment], layout = snapshot.layout } = single;
  const merges = wantsMerge(
    merge,
    environments.map((name) => environmentPolicy(snapshot.policy, name)),
  );
  const trailers = { action: verb, environment, app, version, images: [], source, reason, by, run };
  return {
    verb,
    subject: `${environment}/${app}`,
    branch,
    title,
    key,
    plan: (tree) => single.plan(tree),
    message: () => ({ headline: title, body: formatTrailers(trailers) }),
    body: async (planned, limit) => {
      const clusters = single.changesNothing
        ? undefined
        : await clusterChanges(snapshot.tree, snapshot.layout, planned.change);
      return bodyOf({ ...settings, merges }, await single.paragraphs(planned), planned, clusters, limit);
    },
    isOurs: (found) => found.action === verb && found.environment === environment && found.app === app,
    labels,
    ...{ merges, mergeReason: '', insists: merge === 'true' },
    judged: { environments, apps: app === '*' ? [] : [app], layout },
  };
}

function bodyOf(
  { reason, by, runUrl, merges }: Pick<SingleProposalSettings, 'reason' | 'by' | 'runUrl'> & { merges: boolean },
  paragraphs: readonly string[],
  { before, change }: PlannedChange,
  clusters: ClusterChanges | undefined,
  limit: number,
): string {
  const head = [...paragraphs, why(reason), startedBy(by, runUrl)];
  return pullRequestBody({ head, clusters, diff: unifiedDiff(before, change), next: mergeSentence(merges) }, limit);
}
