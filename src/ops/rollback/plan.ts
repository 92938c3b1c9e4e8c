import { setVersions } from '../carriers/set-version.js';
import { activeHold, addHold, HOLDS_FILE, type Hold, readHolds } from '../holds.js';
import type { Layout } from '../layout.js';
import { readOverlay } from '../overlay.js';
import type { Planned } from '../propose/proposal.js';
import type { TreeReader } from '../tree-reader.js';
import type { Goal } from './goal.js';

/** What a rollback is to leave. */
export interface Wish {
  environment: string;
  goals: readonly Goal[];
  /** The hold of each app, without its version; `undefined` to leave none. */
  hold: Omit<Hold, 'environment' | 'app' | 'version'> | undefined;
  now: Date;
}

/**
 * Plans a rollback: the carriers of each app back to what they held, digests included, and a hold for each. A hold that is
 * on for the same version already stays as it is.
 *
 * @throws Error where an overlay is gone, or a file cannot be read or changed as YAML
 */
export async function planRollback(tree: TreeReader, layout: Layout, wish: Wish): Promise<Planned> {
  const { environment, goals, hold, now } = wish;
  const files = new Map<string, string>();
  const before = new Map<string, string>();
  const [holdsText, overlays] = await Promise.all([
    tree.read(HOLDS_FILE),
    Promise.all(goals.map(({ app }) => readOverlay(tree, layout, environment, app))),
  ]);
  for (const [index, { app, entry }] of goals.entries()) {
    const overlay = overlays[index];
    if (overlay === undefined) {
      throw new Error(`There is no app "${app}" in ${environment}, so there is nothing to roll back.`);
    }
    // Apps of a group share files: what the one changed is what the next one starts from.
    const current = overlay.files.map(({ path, text }) => ({ path, text: files.get(path) ?? text }));
    for (const { path, text } of setVersions(current, entry.targets, overlay.folder).files) {
      before.set(path, before.get(path) ?? overlay.files.find((file) => file.path === path)?.text ?? '');
      files.set(path, text);
    }
  }
  const held = hold === undefined ? holdsText : withHolds(holdsText, { environment, goals, hold, now });
  if (held !== undefined && held !== holdsText) {
    files.set(HOLDS_FILE, held);
    if (holdsText !== undefined) {
      before.set(HOLDS_FILE, holdsText);
    }
  }
  if (files.size === 0) {
    const names = goals.map(({ app, version }) => `${app} ${version}`).join(', ');
    const and = hold === undefined ? '' : ', and held there';
    return { state: 'nothing', reason: `${names} is in ${environment} already${and}` };
  }
  return { state: 'change', change: { files }, before };
}

function withHolds(
  text: string | undefined,
  { environment, goals, hold, now }: Wish & { hold: NonNullable<Wish['hold']> },
): string | undefined {
  return goals.reduce((current: string | undefined, { app, version }) => {
    const on = activeHold(readHolds(current), environment, app, now);
    return on?.version === version ? current : addHold(current, { environment, app, version, ...hold });
  }, text);
}
