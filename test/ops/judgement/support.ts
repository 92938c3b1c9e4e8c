import { assignPaths } from '../../../src/ops/judgement/assign-paths.js';
import type { RepositoryChange } from '../../../src/ops/judgement/repository-change.js';
import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { allEnvironments } from '../../../src/ops/overlays/environments.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';

export type Files = Record<string, string>;

/** The text by which a file stands for a symbolic link to another one. */
export const linkTo = (target: string) => `${LINK}${target}`;
const LINK = 'symbolic link: ';

/** Two environments with rules, of which production is the stricter one. */
export const POLICY = 'environments:\n  staging: {}\n  production: { after: staging, approvers: [grace] }\n';

/** A change of files: texts, and `undefined` for a file that goes. */
export function changeOf(before: Files, edits: Record<string, string | undefined>): RepositoryChange {
  const after: Files = {};
  for (const [path, text] of Object.entries({ ...before, ...edits })) {
    if (text !== undefined) {
      after[path] = text;
    }
  }
  const side = (files: Files) => {
    const links = Object.keys(files).filter((path) => files[path]?.startsWith(LINK));
    const plain = Object.entries(files).filter(([path]) => !links.includes(path));
    const linkText = async (path: string) => files[path]?.slice(LINK.length);
    return { tree: objectTree(Object.fromEntries(plain)), paths: Object.keys(files), links, linkText };
  };
  const changed = Object.keys(edits).filter((path) => before[path] !== after[path]);
  return { base: side(before), head: side(after), changed: new Set(changed) };
}

/** Whose each changed path is: `{ 'bases/web/a.yaml': 'staging production' }`. */
export async function ownersOf(
  before: Files,
  edits: Record<string, string | undefined>,
): Promise<Record<string, string>> {
  const change = changeOf(before, edits);
  const policy = readPolicy(before['ostack.yaml']);
  const layout = await locateOverlays(change.base.tree, policy);
  const environments = await allEnvironments(change.base.tree, layout, policy);
  const { paths } = await assignPaths(change, policy, layout, environments);
  return Object.fromEntries(paths.map(({ path, environments: names }) => [path, names.join(' ') || 'none']));
}
