/**
 * Which workflows an event starts: the filters under `on:`.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
import { RunError } from './errors.js';
import { textAt } from './json.js';
import { passesFilter } from './patterns.js';
import type { Sources } from './sources.js';
import { child, type Node, texts } from './tree.js';
import type { TriggerEvent } from './trigger-event.js';
import type { WorkflowFile } from './workflow.js';

/** Activity types that start a workflow where it names none. */
const defaultTypes: Record<string, string[]> = {
  pull_request: ['opened', 'synchronize', 'reopened'],
  pull_request_target: ['opened', 'synchronize', 'reopened'],
};

/** Returns the paths that an event changed; `undefined` when the commits cannot be compared. */
export type ChangedPaths = () => Promise<string[] | undefined>;

/**
 * Whether an event starts a workflow.
 *
 * @throws RunError when the workflow has two filters that exclude each other
 */
export async function starts(workflow: WorkflowFile, event: TriggerEvent, changed: ChangedPaths): Promise<boolean> {
  if (!workflow.on.has(event.name)) {
    return false;
  }
  const filters = workflow.on.get(event.name);
  refuseBoth(filters);
  if (!passesTypes(filters, event)) {
    return false;
  }
  switch (event.name) {
    case 'push':
      return passesRefs(filters, event.ref) && (await passesPaths(filters, event, changed));
    case 'pull_request':
    case 'pull_request_target':
    case 'merge_group':
      return passesBranch(filters, baseBranch(event)) && (await passesPaths(filters, event, changed));
    case 'workflow_run': {
      const names = texts(child(filters, 'workflows'));
      const name = textAt(event.payload, 'workflow_run', 'name') ?? '';
      const branch = textAt(event.payload, 'workflow_run', 'head_branch') ?? '';
      return (
        (names.length === 0 || names.some((pattern) => passesFilter(name, [pattern]))) && passesBranch(filters, branch)
      );
    }
    case 'schedule': {
      const requested = textAt(event.payload, 'schedule');
      const crons = filters?.kind === 'list' ? filters.items.flatMap((item) => texts(child(item, 'cron'))) : [];
      return requested === undefined || crons.includes(requested);
    }
    default:
      return true;
  }
}

/**
 * The paths that a push or a pull request changed. GitHub compares a push with the commit before it (a new branch with
 * its merge base), and a pull request's head with its merge base.
 *
 * @returns `undefined` when there is nothing to compare with
 */
export async function changedPaths(event: TriggerEvent, sources: Sources): Promise<string[] | undefined> {
  const { repository, payload } = event;
  if (event.name === 'push') {
    const before = textAt(payload, 'before') ?? '';
    if (before !== '' && !/^0+$/.test(before)) {
      return await sources.changed(repository, before, event.sha);
    }
    const main = await sources.resolve(repository, `refs/heads/${sources.defaultBranch(repository)}`);
    const base = main === undefined ? undefined : await sources.mergeBase(repository, main, event.sha);
    return base === undefined || base === event.sha ? undefined : await sources.changed(repository, base, event.sha);
  }
  const head = textAt(payload, 'pull_request', 'head', 'sha');
  const base = textAt(payload, 'pull_request', 'base', 'sha');
  const common = head && base ? await sources.mergeBase(repository, base, head) : undefined;
  return head && common ? await sources.changed(repository, common, head) : undefined;
}

function passesTypes(filters: Node | undefined, event: TriggerEvent): boolean {
  const named = texts(child(filters, 'types'));
  const types = named.length > 0 ? named : defaultTypes[event.name];
  const action = textAt(event.payload, 'action');
  return types === undefined || action === undefined || types.includes(action);
}

function passesRefs(filters: Node | undefined, ref: string): boolean {
  const has = (...keys: string[]) => keys.some((key) => child(filters, key) !== undefined);
  if (ref.startsWith('refs/tags/')) {
    if (!has('tags', 'tags-ignore')) {
      return !has('branches', 'branches-ignore');
    }
    return passes(filters, 'tags', ref.slice('refs/tags/'.length));
  }
  if (!has('branches', 'branches-ignore')) {
    return !has('tags', 'tags-ignore');
  }
  return passesBranch(filters, ref.replace(/^refs\/heads\//, ''));
}

function passesBranch(filters: Node | undefined, branch: string): boolean {
  return passes(filters, 'branches', branch);
}

async function passesPaths(filters: Node | undefined, event: TriggerEvent, changed: ChangedPaths): Promise<boolean> {
  const included = child(filters, 'paths');
  const ignored = child(filters, 'paths-ignore');
  if ((included === undefined && ignored === undefined) || event.ref.startsWith('refs/tags/')) {
    return true;
  }
  const paths = await changed();
  if (paths === undefined) {
    return true;
  }
  return included === undefined
    ? paths.some((path) => !passesFilter(path, texts(ignored)))
    : paths.some((path) => passesFilter(path, texts(included)));
}

function passes(filters: Node | undefined, key: 'branches' | 'tags', name: string): boolean {
  const included = child(filters, key);
  const ignored = child(filters, `${key}-ignore`);
  if (included !== undefined) {
    return passesFilter(name, texts(included));
  }
  return ignored === undefined || !passesFilter(name, texts(ignored));
}

function refuseBoth(filters: Node | undefined): void {
  for (const key of ['branches', 'tags', 'paths']) {
    const ignored = child(filters, `${key}-ignore`);
    if (child(filters, key) !== undefined && ignored !== undefined) {
      throw new RunError(
        `you may only define one of \`${key}\` and \`${key}-ignore\` for a single event`,
        ignored.place,
      );
    }
  }
}

function baseBranch(event: TriggerEvent): string {
  const base = textAt(event.payload, 'merge_group', 'base_ref') ?? event.baseRef;
  return base.replace(/^refs\/heads\//, '');
}

/** Whether the commit message of a push, or of a pull request's head, skips workflows: `[skip ci]` and so on. */
export function asksToSkip(event: TriggerEvent, message: string): boolean {
  return (
    (event.name === 'push' || event.name === 'pull_request') &&
    /\[(skip ci|ci skip|no ci|skip actions|actions skip)\]|^skip-checks: *true$/m.test(message)
  );
}
