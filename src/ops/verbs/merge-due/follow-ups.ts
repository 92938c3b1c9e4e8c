import picomatch from 'picomatch';
import * as v from 'valibot';
import { yamlDocument } from '../../../config/yaml-documents.js';

/** A workflow of the default branch. */
export interface WorkflowFile {
  /** Name of the file in `.github/workflows`. */
  name: string;
  text: string;
}

/** What a push to the default branch would have started. */
export interface FollowUps {
  /** Files that can be started by hand. */
  start: string[];
  /** Files that cannot. */
  cannot: string[];
}

const list = v.union([
  v.array(v.string()),
  v.pipe(
    v.string(),
    v.transform((one) => [one]),
  ),
]);
const pushSchema = v.nullish(
  v.object({
    branches: v.optional(list),
    'branches-ignore': v.optional(list),
    tags: v.optional(list),
    'tags-ignore': v.optional(list),
  }),
);
const inputSchema = v.nullish(v.object({ required: v.optional(v.unknown()), default: v.optional(v.unknown()) }));
const dispatchSchema = v.nullish(v.object({ inputs: v.nullish(v.record(v.string(), inputSchema)) }));
const onSchema = v.union([
  v.pipe(
    list,
    v.transform((names): Record<string, unknown> => Object.fromEntries(names.map((name) => [name, null]))),
  ),
  v.record(v.string(), v.unknown()),
]);
const workflowSchema = v.object({ on: onSchema });

/**
 * The workflows that a push to a branch starts, of which GitHub starts none where a workflow's token pushed. What cannot be read
 * reacts to nothing: GitHub would not start it either.
 *
 * @param own file of the workflow that runs, which has seen to everything
 */
export function followUpsOf(files: readonly WorkflowFile[], branch: string, own: string): FollowUps {
  const found: FollowUps = { start: [], cannot: [] };
  for (const { name, text } of files) {
    const on = triggersOf(text);
    if (name === own || on === undefined || !('push' in on) || !takesBranch(on.push, branch)) {
      continue;
    }
    const isStartable = 'workflow_dispatch' in on && takesNoInput(on.workflow_dispatch);
    found[isStartable ? 'start' : 'cannot'].push(name);
  }
  return found;
}

function triggersOf(text: string): Record<string, unknown> | undefined {
  try {
    const parsed = v.safeParse(workflowSchema, yamlDocument(text).document.toJS());
    return parsed.success ? parsed.output.on : undefined;
  } catch {
    return undefined;
  }
}

/** @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#onpushbranchestagsbranches-ignoretags-ignore */
function takesBranch(push: unknown, branch: string): boolean {
  const parsed = v.safeParse(pushSchema, push);
  const filter = parsed.success ? (parsed.output ?? {}) : undefined;
  if (filter === undefined) {
    return false;
  }
  const { branches, 'branches-ignore': ignored } = filter;
  if (branches === undefined && ignored === undefined) {
    return filter.tags === undefined && filter['tags-ignore'] === undefined;
  }
  if (ignored !== undefined) {
    return !ignored.some((pattern) => picomatch.isMatch(branch, pattern));
  }
  // The last pattern that says something of the branch wins.
  return (branches ?? []).reduce((isTaken, pattern) => {
    const isNot = pattern.startsWith('!');
    return picomatch.isMatch(branch, isNot ? pattern.slice(1) : pattern) ? !isNot : isTaken;
  }, false);
}

function takesNoInput(dispatch: unknown): boolean {
  const parsed = v.safeParse(dispatchSchema, dispatch);
  const inputs = parsed.success ? Object.values(parsed.output?.inputs ?? {}) : undefined;
  return inputs?.every((input) => input?.required !== true || input.default !== undefined) === true;
}
