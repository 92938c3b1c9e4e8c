import { connect } from '../../../src/github/client.js';
import type { Connected } from '../../../src/github/connected.js';
import {
  type LocalRepository,
  type RepositoryOptions,
  type Stage,
  type StageOptions,
  startStage,
} from '../../../src/local/stage.js';
import { compareVersions } from '../../../src/ops/carriers/compare-versions.js';
import { formatTrailers } from '../../../src/ops/ledger/trailers.js';
import type { ProposeOptions } from '../../../src/ops/pull-requests/options.js';
import type { Planned } from '../../../src/ops/pull-requests/planned.js';
import type { Proposal } from '../../../src/ops/pull-requests/proposal.js';
import { propose } from '../../../src/ops/pull-requests/propose.js';
import type { Run } from '../../../src/ops/pull-requests/run.js';
import { type Survey, survey } from '../../../src/ops/pull-requests/survey.js';
import { type Snapshot, takeSnapshot } from '../../../src/ops/repository/snapshot.js';
import { opsFiles, overlay, overlayPath, PATIENCE, versionIn } from '../../torture/races/ops-world.js';

const ADA = { name: 'ada', email: 'ada@acme.dev' };
const ACTION = 'say';

/** A pull request as a person sees it. */
export interface SeenPull {
  number: number;
  state: 'open' | 'closed' | 'merged';
  title: string;
  body: string;
  branch: string;
  autoMerge: boolean;
  labels: string[];
}

/** One ops repository with the apps `shop`, `cart` and `blog`, each at 1.0.0 in staging, that goes back after each test. */
export interface EngineWorld {
  stage: Stage;
  ops: LocalRepository;
  connected: Connected;
  options: ProposeOptions;
  /** Starts afresh. */
  goBack(): Promise<void>;
  close(): Promise<void>;
  pulls(): Promise<SeenPull[]>;
  /** Names of the documents that wrote something, in order. */
  writes(): string[];
  /** First lines of the default branch, newest first. */
  heads(): Promise<string[]>;
  /** A person's commit: an app's version, or any files. */
  push(branch: string, files: Record<string, string | null>): Promise<string>;
  /** The version of an app on a branch. */
  version(app: string, branch?: string): Promise<string | undefined>;
  /** Opens the pull request of a proposal, as an earlier run did it. */
  opened(proposal: Proposal): Promise<void>;
}

export async function engineWorld(
  settings: StageOptions = {},
  repository: RepositoryOptions = { allowAutoMerge: true },
): Promise<EngineWorld> {
  const stage = await startStage(settings);
  const files = opsFiles(['shop', 'cart', 'blog']);
  const ops = await stage.github.createRepository('acme/ops', { files }, repository);
  const { apiUrl, graphqlUrl, serverUrl } = stage;
  const token = stage.github.issueToken({ actor: 'ostack[bot]' });
  const github = connect({ token, apiUrl, graphqlUrl, retry: { baseMs: 0 } });
  const connected = { github, repository: { owner: 'acme', name: 'ops' } };
  const options: ProposeOptions = {
    ...{ reviewers: [], assignees: [], direct: false, dryRun: false, mergeMethod: undefined },
    ...{ patience: PATIENCE, serverUrl },
  };
  const restore = await stage.github.checkpoint();
  return {
    ...{ stage, ops, connected, options },
    async goBack() {
      stage.github.guard(undefined);
      stage.github.faults.clear();
      ops.unprotect('main');
      ops.ruleset('gate', undefined);

      await restore();
    },
    close: () => stage.close(),
    async pulls() {
      const { data } = await github.octokit.request('GET /repos/{owner}/{repo}/pulls', {
        owner: 'acme',
        repo: 'ops',
        state: 'all',
        direction: 'asc',
      });
      return data.map(({ number, state, merged_at, title, body, head, auto_merge, labels }) => ({
        ...{ number, title, body: body ?? '', branch: head.ref, autoMerge: auto_merge !== null },
        state: merged_at !== null ? 'merged' : state === 'open' ? 'open' : 'closed',
        labels: labels.map(({ name }) => name),
      }));
    },
    writes: () => writesOf(stage),
    heads: async () => (await ops.log('main')).map(({ message }) => message.split('\n')[0] ?? ''),
    push: (branch, changed) => ops.commit(branch, changed, 'by hand', ADA),
    version: async (app, branch = 'main') => versionIn(await ops.read(branch, overlayPath('staging', app))),
    async opened(proposal) {
      await propose(connected, async () => [proposal], options);
      stage.github.requests.length = 0;
    },
  };
}

function writesOf({ github }: Stage): string[] {
  return github.requests.flatMap(({ method, path, operation, requestBody }) => {
    if (operation === undefined) {
      return method === 'GET' ? [] : [`${method} ${path}`];
    }
    return /"query":\s*"mutation/.test(JSON.stringify(requestBody)) ? [operation] : [];
  });
}

/** The files that give an app a version. */
export function versionFiles(app: string, version: string): Record<string, string> {
  return { [overlayPath('staging', app)]: overlay(app, version) };
}

/** What brings an app to a version in staging. */
export function saying(app: string, version: string, over: Partial<Proposal> = {}): Proposal {
  const trailers = { action: ACTION, environment: 'staging', app, version, images: [] };
  return {
    ...{ verb: ACTION, subject: `staging/${app}`, branch: `ostack/staging/${app}` },
    ...{
      title: `${app} ${version} -> staging`,
      key: version,
      labels: [],
      merges: false,
      mergeReason: '',
      judged: undefined,
    },
    plan: async (tree) => plannedOf(app, version, await tree.read(overlayPath('staging', app))),
    message: () => ({
      headline: `${app} ${version} -> staging`,
      body: formatTrailers({ ...trailers, source: undefined, run: undefined }),
    }),
    body: () => `Brings ${app} ${version}.`,
    isOurs: (found) => found.action === ACTION && found.app === app,
    ...over,
  };
}

function plannedOf(app: string, version: string, text: string | undefined): Planned {
  const there = versionIn(text);
  if (text === undefined || there === undefined) {
    return { state: 'left', action: 'skipped', reason: `${app} is not there` };
  }
  if (there === version) {
    return { state: 'nothing', reason: `${version} is already in staging` };
  }
  if (compareVersions({ tag: there }, { tag: version }) === 'older') {
    return { state: 'newer', there, reason: `staging holds ${there}, which is newer` };
  }
  const path = overlayPath('staging', app);
  return {
    state: 'change',
    change: { files: new Map([[path, text.replace(`"${there}"`, `"${version}"`)]]) },
    before: new Map([[path, text]]),
  };
}

/** A run that has come to nothing yet. */
export function runIn({ options }: Pick<EngineWorld, 'options'>, over: Partial<ProposeOptions> = {}): Run<Proposal> {
  return {
    ...{ repository: 'acme/ops', options: { ...options, ...over }, outcomes: new Map() },
    ...{ direct: over.direct ?? options.direct, checksBaseAgain: true },
    report: {
      ...{ results: [], failures: [], warnings: [], mayBeMerged: new Set() },
      ...{ diffs: new Map(), texts: new Map() },
    },
  };
}

/** What one round finds of proposals, with the warnings of that. */
export async function surveyed(
  { connected, options }: EngineWorld,
  proposals: readonly Proposal[],
): Promise<{ snapshot: Snapshot; surveys: Survey<Proposal>[]; warnings: string[] }> {
  const warnings: string[] = [];
  const snapshot = await takeSnapshot(connected, options, (message) => warnings.push(message));
  const surveys = await Promise.all(proposals.map((proposal) => survey(snapshot, proposal, [])));
  return { snapshot, surveys, warnings };
}

/** Each outcome of a run in words: the action with its reason, the error, or why it is to be looked at again. */
export function outcomesOf({ outcomes }: Run<Proposal>): Record<string, string> {
  return Object.fromEntries(
    [...outcomes].map(([subject, outcome]) => {
      if (outcome.state === 'failed') {
        return [subject, `failed: ${outcome.error.message}`];
      }
      const { action = '', reason = '' } = outcome.result ?? {};
      const done = [action, reason].filter((part) => part !== '').join(': ');
      return [
        subject,
        outcome.state === 'settled' ? done : `again: ${outcome.reason}${done === '' ? '' : ` (${done})`}`,
      ];
    }),
  );
}
