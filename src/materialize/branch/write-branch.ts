import { type Connected, nameOf } from '../../github/connected.js';
import { RENDERINGS } from '../../ops/judgement/own-work.js';
import { refused } from '../../ops/pull-requests/github-refusal.js';
import { commitTree, makeTree, pauseBefore } from '../../ops/tree/tree-commit.js';
import { code, plain } from '../../report/markdown.js';
import { RECORD, recordText } from '../manifests/record.js';
import type { FolderChange } from '../write-folder.js';
import { type CommitOrder, commitOrder } from './commit-order.js';
import { describeEdits } from './edit-authors.js';
import { commitMessage, countsOf, sourceOf } from './message.js';
import { type EditChoice, type FolderPlan, planFolder, withParts } from './plan-branch.js';
import { propose } from './propose.js';
import { type BranchState, readBranch } from './read-branch.js';
import type { BranchTarget } from './targets.js';

/** What an environment is rendered to. */
interface RenderedFiles {
  /** Texts by path in the folder. */
  files: ReadonlyMap<string, string>;
  /** The remote parts that they are made of; missing for none. */
  parts?: readonly string[];
}

/** What is written with. */
export interface BranchOptions {
  to: Connected;
  /** The repository of the definition, whose commits are compared. */
  source: Connected;
  /** Full id of the commit that was rendered. */
  commit: string;
  mode: 'commit' | 'pull-request';
  edits: EditChoice;
  /** Whether to write over what is of a commit that ours does not contain. */
  force: boolean;
  dryRun: boolean;
  /** Whether a newer commit changes what is rendered, and has a run of its own. */
  hasNewer(): Promise<boolean>;
  /** Versions of the tools that rendered, by name. */
  tools: Readonly<Record<string, string>>;
  /** Page of the run; empty outside of one. */
  runUrl: string;
}

/** What became of a branch. */
export interface WrittenBranch {
  repository: string;
  branch: string;
  /** `overtaken`: it has what a newer commit came to. */
  state: 'unchanged' | 'written' | 'proposed' | 'overtaken';
  /** Full id of the commit that was written or is proposed; `undefined` where none is, and in a dry run. */
  commit: string | undefined;
  pullRequest: { number: number; url: string } | undefined;
  /** In the order of the target's environments. */
  changes: FolderChange[];
  /** What a person should know, as sentences. */
  notes: string[];
}

/** An attempt fails only when another run has written, so all runs together always get on. */
const ATTEMPTS = 40;

/**
 * Makes a branch hold what its environments are rendered to, with one commit, or none where nothing changes. Where the branch
 * moves meanwhile, everything is read and planned again; what a newer commit of the definition came to is never written over.
 * Where the rules of the repository refuse the commit, a pull request proposes it.
 *
 * @param rendered what each environment of the target is rendered to, by its name
 * @throws Error for people where the branch cannot be read, is somebody else's, or GitHub refuses it
 */
export async function writeBranch(
  target: BranchTarget,
  rendered: ReadonlyMap<string, RenderedFiles>,
  options: BranchOptions,
): Promise<WrittenBranch> {
  const notes: string[] = [];
  let { mode } = options;
  let reason = '';
  for (let attempts = 1; attempts <= ATTEMPTS; attempts++) {
    const plan = await planBranch(target, rendered, options);
    const done = mode === 'commit' ? await commit(plan, options) : await proposePlan(plan, options);
    if ('refused' in done) {
      mode = 'pull-request';
      notes.push(
        `The rules of ${plan.repository} refuse a commit on ${target.branch} (${done.refused}), so a pull request proposes it.`,
      );
    } else if ('reason' in done) {
      reason = done.reason;
      await pauseBefore(attempts);
    } else {
      return { ...done, notes: [...notes, ...done.notes] };
    }
  }
  throw new Error(`The branch ${target.branch} of ${nameOf(options.to)} kept changing (${reason}). Run it again.`);
}

/** A branch, and what is to be done with it. */
interface Plan extends Omit<WrittenBranch, 'commit' | 'pullRequest'> {
  target: BranchTarget;
  now: BranchState;
  folders: FolderPlan[];
  /** What people did by hand, as sentences. */
  edits: string[];
  source: string;
}

async function planBranch(
  target: BranchTarget,
  rendered: ReadonlyMap<string, RenderedFiles>,
  { to, source: from, commit: ours, edits: choice, force, hasNewer }: BranchOptions,
): Promise<Plan> {
  const { branch, environments, isOfPolicy } = target;
  const source = `${nameOf(from)}@${ours}`;
  const now = await readBranch(
    to,
    branch,
    environments.map(({ folder }) => folder),
  );
  const notes: string[] = [];
  const folders: FolderPlan[] = [];
  let isOvertaken = false;
  for (const [index, state] of now.folders.entries()) {
    const environment = environments[index]?.environment ?? '';
    // What is on a branch that nobody named to this run may be the definition itself.
    const onEdit = isOfPolicy && state.record === undefined ? 'restore' : choice;
    const { files, parts = [] } = rendered.get(environment) ?? { files: new Map<string, string>() };
    const plan = planFolder(state, withParts(state, files, { source, parts }, force), source, onEdit);
    const before = state.record?.source;
    const order = plan.items.length === 0 || before === undefined ? 'newer' : await orderOf(from, before, ours);
    if (order === 'older' && !force) {
      isOvertaken = true;
      notes.push(
        `${branch} has what ${short(before)} made of ${environment}, which is newer than ${short(source)}: it stays.`,
      );
      folders.push(NOTHING);
      continue;
    }
    if (order === 'apart' && !force) {
      throw new Error(
        `${branch} has what ${short(before)} made of ${environment}, and ${short(source)} does not come after it. Expected a commit that contains it. Say \`force: true\` once where history was rewritten or the definition moved.`,
      );
    }
    const isLeft = plan.items.length > 0 && !force && (await hasNewer());
    if (isLeft) {
      isOvertaken = true;
      notes.push(
        `${environment} is left to the run of a newer commit than ${short(source)}, which changes what is rendered.`,
      );
    }
    folders.push(isLeft ? NOTHING : plan);
  }
  const all = folders.flatMap((plan) => plan.edits);
  const edits = now.head === undefined ? [] : await describeEdits(to, now.head, all);
  const state = isOvertaken ? 'overtaken' : 'unchanged';
  const changes = folders.map(({ change }) => change);
  return {
    target,
    now,
    folders,
    edits,
    source,
    repository: nameOf(to),
    branch,
    state,
    changes,
    notes: [...notes, ...edits],
  };
}

const NOTHING: FolderPlan = { change: { added: [], changed: [], removed: [], edited: [] }, edits: [], items: [] };

/** @param before `owner/name@commit` */
async function orderOf(from: Connected, before: string, ours: string): Promise<CommitOrder> {
  const [repository = '', theirs = ''] = before.split('@');
  return repository.toLowerCase() === nameOf(from).toLowerCase() ? commitOrder(from, theirs, ours) : 'apart';
}

function short(source: string | undefined): string {
  return (source ?? 'an unknown commit').replace(/(@[0-9a-f]{7})[0-9a-f]+$/, '$1');
}

function messageOf({ target, source, changes, edits }: Plan, { tools, runUrl }: BranchOptions) {
  const environments = target.environments.map(({ environment }) => environment);
  return commitMessage({ environments, source, tools, changes, edits, runUrl });
}

type Done = WrittenBranch | { reason: string } | { refused: string };

async function commit(plan: Plan, options: BranchOptions): Promise<Done> {
  const { now, state, repository, branch, changes, notes } = plan;
  const items = plan.folders.flatMap((folder) => folder.items);
  const result = { repository, branch, pullRequest: undefined, changes, notes };
  if (items.length === 0) {
    return { ...result, state, commit: undefined };
  }
  if (options.dryRun) {
    return { ...result, state: 'written', commit: undefined };
  }
  const tip = { ...now, operation: 'CommitMaterialized' };
  const tree = () => makeTree(options.to, items, now.tree);
  const written = await commitTree(options.to, tip, tree, messageOf(plan, options));
  return 'oid' in written ? { ...result, state: 'written', commit: written.oid } : written;
}

async function proposePlan(plan: Plan, options: BranchOptions): Promise<Done> {
  const { now, state, repository, branch, changes, notes, source } = plan;
  const items = plan.folders.flatMap((folder) => folder.items);
  const result = { repository, branch, changes, notes };
  if (options.dryRun || state === 'overtaken' || (now.head === undefined && items.length === 0)) {
    return { ...result, state: items.length === 0 ? state : 'proposed', commit: undefined, pullRequest: undefined };
  }
  if (now.head === undefined || now.tree === undefined) {
    return beginBranch(plan, options);
  }
  const message = messageOf(plan, options);
  const proposed = await propose(options.to, {
    repositoryId: now.repositoryId,
    base: { branch, head: now.head, tree: now.tree },
    branch: `${RENDERINGS}${branch}`,
    items,
    message,
    title: message.headline,
    body: pullBody(plan, options),
    keepsEdits: options.edits === 'keep',
    isNewer: async (other) => {
      const before = options.force ? undefined : sourceOf(other);
      return before !== undefined && (await orderOf(options.source, before, options.commit)) === 'older';
    },
  });
  if ('reason' in proposed) {
    return proposed;
  }
  const { action, pullRequest, commit: oid } = proposed;
  if (action === 'overtaken') {
    const newer = `The pull request for ${branch} has what a newer commit than ${short(source)} came to: it stays.`;
    return { ...result, state: 'overtaken', commit: undefined, pullRequest, notes: [...notes, newer] };
  }
  const closed = action === 'closed' ? [`The pull request for ${branch} is closed: ${short(source)} is there.`] : [];
  return {
    ...{ ...result, state: items.length === 0 ? state : 'proposed', commit: oid, pullRequest },
    notes: [...notes, ...proposed.notes, ...closed],
  };
}

/** A pull request needs a branch to go into: one with the lists of files alone, which say that nothing is there yet. */
async function beginBranch(plan: Plan, { to }: BranchOptions): Promise<Done> {
  const { now, target } = plan;
  const content = recordText({ files: new Map() });
  const items = now.folders.map(({ folder }) => {
    const path = folder === '' ? RECORD : `${folder}/${RECORD}`;
    return { path, mode: '100644', type: 'blob', content } as const;
  });
  const tip = { ...now, operation: 'BeginMaterialized' };
  const body = 'Nothing is materialized yet: pull requests bring it.';
  const headline = `materialize: begin the branch ${target.branch}`;
  const written = await commitTree(to, tip, () => makeTree(to, items), { headline, body });
  if ('refused' in written) {
    const error = { message: written.refused, path: [] };
    const doing = `create the branch ${target.branch}`;
    throw refused({ error, doing, permission: 'contents: write' }, nameOf(to));
  }
  return { reason: 'reason' in written ? written.reason : 'the branch was begun' };
}

function pullBody({ target, changes, source, edits }: Plan, { tools }: BranchOptions): string {
  const versions = Object.entries(tools).map(([name, version]) => `${plain(name)} ${plain(version)}`);
  return [
    `What ${code(short(source))} comes to for ${target.environments.map(({ environment }) => `**${plain(environment)}**`).join(', ')}. ${countsOf(changes)}`,
    ...(versions.length === 0 ? [] : [`Rendered by ${versions.join(' and ')}.`]),
    ...(edits.length === 0 ? [] : [edits.map((edit) => `- ${plain(edit)}`).join('\n')]),
    '<sub>A newer commit of the definition takes the place of this one. Nothing here is written by hand: change the definition.</sub>',
  ].join('\n\n');
}
