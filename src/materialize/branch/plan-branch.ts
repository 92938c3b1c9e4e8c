import { posix } from 'node:path';
import { blobId } from '../../ops/tree/blob-id.js';
import type { TreeEdit } from '../../ops/tree/tree-commit.js';
import { type FolderRecord, isSameRecord, RECORD, recordText } from '../manifests/record.js';
import { PARTS, partsText, type RemoteParts } from '../manifests/remote-parts.js';
import { planFiles } from '../plan-files.js';
import type { FolderChange } from '../write-folder.js';
import type { FolderState } from './read-branch.js';

/** What becomes of what people did to rendered files. */
export type EditChoice = 'restore' | 'keep';

/** What somebody did to rendered files by hand. */
export interface Edit {
  /** From the root of the branch. */
  path: string;
  did: 'edited' | 'took away' | 'added';
  /** Whether it stays as it is. */
  isKept: boolean;
}

/** What is to be done in a folder of a branch. */
export interface FolderPlan {
  change: FolderChange;
  edits: Edit[];
  /** Empty where nothing changes. Paths are from the root of the branch. */
  items: TreeEdit[];
}

/** What a cluster would take for a manifest. */
const MANIFEST = /\.(ya?ml|json)$/i;

/**
 * Plans what a folder of a branch is to hold. The whole folder is rendered: a manifest in it that was not is somebody's edit. Files
 * that are no manifests, and folders whose names begin with a dot, are left alone.
 *
 * @param files texts by path in the folder
 * @param source what they are made of, as `owner/name@commit`
 * @throws Error where files are there that were not materialized, and nothing was before: they may be anybody's
 */
export function planFolder(
  { folder, found, record }: FolderState,
  files: ReadonlyMap<string, string>,
  source: string,
  choice: EditChoice,
): FolderPlan {
  const after: FolderRecord = { source, files: new Map([...files].map(([path, text]) => [path, blobId(text)])) };
  const before = record ?? { files: new Map<string, string>() };
  const plan = planFiles(found, before.files, after.files);
  const others = [...found.keys()].filter(
    (path) => isManifest(path) && !before.files.has(path) && !after.files.has(path),
  );
  const isKept = choice === 'keep';
  refuseOthers(folder, record === undefined ? [...plan.inTheWay, ...(isKept ? [] : others)] : []);
  refuseFolders(folder, found, files);
  const byHand = record === undefined ? [] : [...plan.inTheWay, ...others];
  const keeps = (path: string) => isKept && path !== PARTS;
  const kept = new Set([...plan.edited, ...plan.missing, ...byHand].filter(keeps));
  const gone = isKept ? [] : others;
  const all = {
    added: plan.added.filter((path) => !kept.has(path)),
    changed: [...plan.changed, ...plan.inTheWay].filter((path) => !kept.has(path)),
    // What is no longer defined goes, whoever edited it.
    removed: [...plan.removed, ...gone],
    edited: [...plan.edited, ...plan.missing, ...byHand].sort(),
  };
  const objects = (paths: string[]) => paths.filter((path) => path !== PARTS);
  const at = (path: string) => posix.join(folder, path);
  const edits = (paths: readonly string[], did: Edit['did']) =>
    paths.map((path) => ({ path: at(path), did, isKept: keeps(path) && (did === 'added' || after.files.has(path)) }));
  const items: TreeEdit[] = [
    ...[...all.added, ...all.changed].map((path) => fileItem(at(path), files.get(path) ?? '')),
    ...all.removed.map((path) => ({ path: at(path), mode: '100644', type: 'blob', sha: null }) as const),
  ];
  const isSame = items.length === 0 && record !== undefined && isSameRecord(before, after);
  return {
    change: { ...all, added: objects(all.added), changed: objects(all.changed), removed: objects(all.removed) },
    edits: [...edits(plan.edited, 'edited'), ...edits(plan.missing, 'took away'), ...edits(byHand, 'added')],
    items: isSame ? [] : [...items, fileItem(at(RECORD), recordText(after))],
  };
}

/**
 * The files of a folder, with the one that says of which remote parts they are made. While these are the same it stays as it is, with
 * the commit at which they came: nothing to do means nothing written.
 *
 * @param isAnew whether it is written whatever it says, as it names a commit of a history that is gone
 */
export function withParts(
  { found, record, parts: before }: FolderState,
  files: ReadonlyMap<string, string>,
  parts: RemoteParts,
  isAnew: boolean,
): ReadonlyMap<string, string> {
  // What somebody else wrote there is no commit of ours.
  const isOurs = before !== undefined && record?.files.get(PARTS) === found.get(PARTS);
  return parts.parts.length === 0
    ? files
    : new Map([...files, [PARTS, partsText(parts, isOurs && !isAnew ? before : undefined)]]);
}

function fileItem(path: string, content: string): TreeEdit {
  return { path, mode: '100644', type: 'blob', content };
}

function isManifest(path: string): boolean {
  return MANIFEST.test(path) && !path.split('/').some((name) => name.startsWith('.'));
}

function refuseOthers(folder: string, paths: readonly string[]): void {
  const [first] = paths;
  if (first !== undefined) {
    const more = paths.length === 1 ? '' : ` and ${paths.length - 1} more`;
    throw new Error(
      `${posix.join(folder, first)}${more} was not materialized. Expected a folder of its own: move it away, or name another "branch" or "folder".`,
    );
  }
}

/** A file where a folder has to be, and the other way round. */
function refuseFolders(folder: string, found: ReadonlyMap<string, string>, files: ReadonlyMap<string, string>): void {
  const folders = new Set([...files.keys()].flatMap(foldersOf));
  const file = [...found.keys()].find((path) => folders.has(path));
  const inside = [...found.keys()].find((path) => foldersOf(path).some((each) => files.has(each)));
  refuseOthers(
    folder,
    [file, inside].flatMap((path) => path ?? []),
  );
}

function foldersOf(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}
