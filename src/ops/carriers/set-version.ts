import { type Edit, editYaml } from '../yaml/edit.js';
import { formatPath, type YamlPath } from '../yaml/path.js';
import type { Carrier, ChartTarget, Target } from './carrier.js';
import { type StaleChart, staleCharts } from './chart-lock.js';
import { isChartVersion } from './chart-reference.js';
import { overlayCarriers } from './find-carriers.js';
import { isDigest, isTag } from './image-reference.js';
import { noCarrierError } from './no-carrier-error.js';
import type { OverlayFile } from './overlay-file.js';
import { refuseUnclear } from './refuse-unclear.js';
import { yamlNodes } from './yaml-nodes.js';

/** A value of a file that changes. */
export interface VersionChange {
  file: string;
  /** Line of the value, or of the mapping that gets a new key, in the file before the change; from 1. */
  line: number;
  /** Path of the value for people: `images[0].newTag`. */
  path: string;
  /** `undefined` where the key is new. */
  before: string | undefined;
  /** `undefined` where the key is removed. */
  after: string | undefined;
}

/** The result of setting versions in an overlay. */
export interface OverlayChange {
  /** The files that change, with their new texts. */
  files: OverlayFile[];
  changes: VersionChange[];
  /** All carriers of the targets with their versions before the change, also those that stay as they are. */
  carriers: Carrier[];
  /** Targets that nothing carries, where something carries others. */
  missing: Target[];
  /** Wrapper charts whose lock is out of date by this. Whoever writes the files renews it, or refuses. */
  stale: StaleChart[];
}

/**
 * Writes the versions of all targets in all files of an overlay. It is idempotent: a file that has the versions already
 * stays as it is.
 *
 * @param where the overlay for messages, for example `overlays/staging/my-app`
 * @throws Error when nothing in the overlay carries any of the targets (it shows the lines to add), when it cannot be told
 *   where a chart is to be set, when a tag or digest is not valid, or when a file is not valid YAML or cannot be edited in place
 */
export function setVersions(files: readonly OverlayFile[], targets: readonly Target[], where: string): OverlayChange {
  targets.forEach(checkTarget);
  const carriers = overlayCarriers(files, targets);
  refuseUnclear(carriers);
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
  return { files: changed, changes, carriers, missing, stale: staleCharts(files, changed) };
}

/**
 * Sets the version of one target in one file.
 *
 * @throws Error when nothing in the file carries it (it shows the lines to add), and as `setVersions` does
 */
export function setVersion(text: string, file: string, target: Target): { text: string; changes: VersionChange[] } {
  const { files, changes } = setVersions([{ path: file, text }], [target], file);
  return { text: files[0]?.text ?? text, changes };
}

/** Targets come from outside. Only a valid tag and a valid digest may be written to a file. */
function checkTarget(target: Target): void {
  if (target.kind === 'base') {
    return;
  }
  if (target.kind === 'chart') {
    checkChart(target);
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

function checkChart({ name, version, digest }: ChartTarget): void {
  if (version !== undefined && !isChartVersion(version)) {
    throw new Error(`"${version}" is no version of chart ${name}: expected a semantic version such as 1.2.3.`);
  }
  if (digest !== undefined && !isDigest(digest)) {
    throw new Error(`"${digest}" is no digest of chart ${name}: expected "sha256:" and 64 hex digits.`);
  }
  if (version === undefined && digest === undefined) {
    throw new Error(`Chart ${name} has neither a version nor a digest to be set.`);
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
