import { type Edit, editYaml } from '../yaml/edit.js';
import { formatPath, type YamlPath } from '../yaml/path.js';
import type { Carrier, Target } from './carrier.js';
import { overlayCarriers } from './find-carriers.js';
import { isDigest, isTag } from './image-reference.js';
import { noCarrierError } from './no-carrier-error.js';
import type { OverlayFile } from './overlay-file.js';
import { yamlNodes } from './yaml-nodes.js';

/** One value that changes. */
export interface VersionChange {
  file: string;
  /** In the file as it was, from 1: of the value, or of what gets a new key. */
  line: number;
  /** As people read it: `images[0].newTag`. */
  path: string;
  /** `undefined` where the key is new. */
  before: string | undefined;
  /** `undefined` where the key goes away. */
  after: string | undefined;
}

/** What setting versions does to an overlay. */
export interface OverlayChange {
  /** The files that change, with their new text. */
  files: OverlayFile[];
  changes: VersionChange[];
  /** Every place that carries a version of the targets, changed or not, with what it held before. */
  carriers: Carrier[];
  /** Targets that nothing carries; others were found. */
  missing: Target[];
}

/**
 * Sets the version of all targets in all files of an overlay. Files that hold the version already stay as they are, so
 * doing it twice is doing it once.
 *
 * @param where the overlay for messages, for example `overlays/staging/my-app`
 * @throws Error when nothing in the overlay carries any of the targets, showing what to add and where; when a target's tag
 *   or digest is none; when a file is no valid YAML or cannot be changed in place
 */
export function setVersions(files: readonly OverlayFile[], targets: readonly Target[], where: string): OverlayChange {
  targets.forEach(checkTarget);
  const carriers = overlayCarriers(files, targets);
  const missing = targets.filter((target) => carriers.every((carrier) => carrier.target !== target));
  if (carriers.length === 0) {
    throw noCarrierError(files, targets, where);
  }
  const changed: OverlayFile[] = [];
  const changes: VersionChange[] = [];
  for (const file of files) {
    const edits = carriers.filter((carrier) => carrier.file === file.path).flatMap((carrier) => carrier.edits);
    const text = edits.length === 0 ? file.text : editYaml(file.text, edits, file.path);
    if (text !== file.text) {
      changed.push({ path: file.path, text });
      changes.push(...changesOf(file, edits));
    }
  }
  return { files: changed, changes, carriers, missing };
}

/**
 * Sets the version of one target in one file, where it is carried there.
 *
 * @throws Error when nothing in the file carries it, showing what to add
 */
export function setVersion(text: string, file: string, target: Target): { text: string; changes: VersionChange[] } {
  const { files, changes } = setVersions([{ path: file, text }], [target], file);
  return { text: files[0]?.text ?? text, changes };
}

/** What is written comes from outside: nothing but a tag and a digest gets into a file. */
function checkTarget(target: Target): void {
  if (target.kind === 'base') {
    return;
  }
  const { repository, tag, digest } = target;
  if (!isTag(tag)) {
    throw new Error(`"${tag}" is no image tag of ${repository}: expected up to 128 letters, digits, "_", "." and "-".`);
  }
  if (digest !== undefined && !isDigest(digest)) {
    throw new Error(`"${digest}" is no digest of ${repository}:${tag}: expected "sha256:" and 64 hex digits.`);
  }
}

function changesOf(file: OverlayFile, edits: readonly Edit[]): VersionChange[] {
  const nodes = new Map(yamlNodes(file.text, file.path).map((node) => [key(node.document, node.path), node.value]));
  const changes = edits.map((edit) => {
    const document = edit.document ?? 0;
    const value = nodes.get(key(document, edit.path));
    const holder = nodes.get(key(document, edit.path.slice(0, -1)));
    return {
      file: file.path,
      line: value?.line ?? holder?.line ?? 1,
      path: formatPath(edit.path),
      before: value?.kind === 'text' ? value.text : undefined,
      after: 'value' in edit ? edit.value : undefined,
    };
  });
  return changes.filter((change) => change.before !== change.after);
}

function key(document: number, path: YamlPath): string {
  return JSON.stringify([document, path]);
}
