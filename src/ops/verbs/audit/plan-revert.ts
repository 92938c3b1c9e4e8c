import { applyChange } from '../../judgement/apply-change.js';
import type { Change } from '../../tree/change.js';
import type { CommitFiles, CommitReader } from '../../tree/commit-files.js';

/** What takes a change back, or why none does: the rest of a sentence that begins with a commit. */
export type RevertPlan =
  | { state: 'change'; change: Change }
  | { state: 'reverted' }
  | { state: 'by hand'; why: string };

/** The mode of what GitHub's API writes: any other file would become one of these. */
const PLAIN = '100644';
const WORKFLOWS = '.github/workflows/';

/**
 * What takes a change back from the files as they are now. Files that were changed again since are left to a person, and so is
 * what GitHub's API does not write as it was.
 *
 * @param now the newest commit
 * @param before what the branch had before the change
 * @param after what it had after it
 */
export async function planRevert(
  reader: CommitReader,
  now: CommitFiles,
  before: CommitFiles,
  after: CommitFiles,
): Promise<RevertPlan> {
  const applied = applyChange(now, after, before, (entries) => reader.with(entries));
  if ('conflict' in applied) {
    return { state: 'by hand', why: `${applied.conflict} has changed again since` };
  }
  const { changed, head } = applied.change;
  const files = new Map<string, string>();
  const deletions: string[] = [];
  for (const path of changed) {
    const [old, current] = [before.entries.get(path), now.entries.get(path)];
    const odd = [old, current].find((entry) => entry !== undefined && entry.mode !== PLAIN);
    if (odd !== undefined) {
      return { state: 'by hand', why: `${path} has the mode ${odd.mode}, and GitHub's API writes plain files alone` };
    }
    if (path.startsWith(WORKFLOWS)) {
      return { state: 'by hand', why: `${path} is a workflow, which the ops App may not write` };
    }
    const text = old === undefined ? undefined : await textOf(head, path);
    if (old !== undefined && text === undefined) {
      return { state: 'by hand', why: `${path} is no text` };
    }
    if (text === undefined) {
      deletions.push(path);
    } else {
      files.set(path, text);
    }
  }
  return changed.size === 0 ? { state: 'reverted' } : { state: 'change', change: { files, deletions } };
}

/** `undefined` for what is no text in UTF-8. */
async function textOf({ tree }: Pick<CommitFiles, 'tree'>, path: string): Promise<string | undefined> {
  const text = await tree.read(path).catch(() => undefined);
  return text?.includes('\uFFFD') === true ? undefined : text;
}
