import type { Edit } from '../yaml/edits.js';
import { formatPath, type YamlPath } from '../yaml/path.js';
import type { YamlValue } from '../yaml/values.js';
import type { Carrier, ChartTarget, Target } from './carrier.js';
import { type StaleChart, staleCharts } from './chart-lock.js';
import { isChartVersion } from './chart-reference.js';
import { editFile, fileNodes } from './file-nodes.js';
import { overlayCarriers } from './find-carriers.js';
import { formatReference, isDigest, isTag } from './image-reference.js';
import { refuseInVain } from './in-vain.js';
import { noCarrierError } from './no-carrier-error.js';
import { fluxWriter } from './other-writers.js';
import type { OverlayFile } from './overlay-file.js';
import { refuseUnclear } from './refuse-unclear.js';

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
 * stays as it is, and so does what is overridden where that has them.
 *
 * @param where the overlay for messages, for example `overlays/staging/my-app`
 * @param isLeft which carriers stay as they are; none by default
 * @throws Error when nothing in the overlay carries any of the targets (it shows the lines to add), when it cannot be told
 *   where a chart is to be set, when a tag or digest is not valid, when a file is not valid YAML or cannot be edited in
 *   place, or when something else writes the version too, or over it (it says what to do instead)
 */
export function setVersions(
  files: readonly OverlayFile[],
  targets: readonly Target[],
  where: string,
  isLeft: (carrier: Carrier) => boolean = () => false,
): OverlayChange {
  targets.forEach(checkTarget);
  const carriers = overlayCarriers(files, targets);
  refuseUnclear(carriers);
  const missing = targets.filter((target) => carriers.every((carrier) => carrier.target !== target));
  if (carriers.length === 0) {
    throw noCarrierError(files, targets, where);
  }
  const changed: OverlayFile[] = [];
  const changes: VersionChange[] = [];
  const moving = movingCarriers(files, carriers).filter((carrier) => !isLeft(carrier));
  for (const file of files) {
    const own = moving.filter((carrier) => carrier.file === file.path);
    const edits = own.flatMap((carrier) => carrier.edits);
    const text = edits.length === 0 ? file.text : editFile(file.text, edits, file.path);
    if (text !== file.text) {
      const values = placesOf(file);
      refuseOtherWriters(file, own, values);
      changed.push({ ...file, text });
      changes.push(...edits.map((edit) => changeOf(file, edit, values)).filter(isChange));
    }
  }
  refuseInVain(files, carriers, changed);
  return { files: changed, changes, carriers, missing, stale: staleCharts(files, changed) };
}

/**
 * What is overridden goes along with what is obeyed, and stays where that has the version already: nothing would change. That
 * is told by values and not by edits, for one value may be shared, so that it can only be edited together with others.
 */
function movingCarriers(files: readonly OverlayFile[], carriers: readonly Carrier[]): Carrier[] {
  if (carriers.every(({ overriddenBy }) => overriddenBy === undefined)) {
    return [...carriers];
  }
  const places = new Map(files.map((file) => [file.path, { file, values: placesOf(file) }]));
  const changes = (carrier: Carrier) => {
    const own = places.get(carrier.file);
    return own !== undefined && carrier.edits.some((edit) => isChange(changeOf(own.file, edit, own.values)));
  };
  return carriers.filter(
    ({ overriddenBy, target }) =>
      overriddenBy === undefined ||
      carriers.some((other) => other.target === target && other.overriddenBy === undefined && changes(other)),
  );
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
  if (tag === undefined && digest === undefined) {
    throw new Error(`Of ${repository} there is neither a tag nor a digest to set.`);
  }
  if (tag !== undefined && !isTag(tag)) {
    throw new Error(`"${tag}" is no image tag of ${repository}: expected up to 128 letters, digits, "_", "." and "-".`);
  }
  if (digest !== undefined && !isDigest(digest)) {
    throw new Error(
      `"${digest}" is no digest of ${formatReference({ name: repository, tag })}: expected "sha256:" and 64 hex digits.`,
    );
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

/** The values of a file by their place. */
type Places = ReadonlyMap<string, YamlValue>;

function placesOf({ path, text }: OverlayFile): Places {
  return new Map(fileNodes(text, path).map((node) => [key(node.document, node.path), node.value]));
}

function changeOf(file: OverlayFile, edit: Edit, values: Places): VersionChange {
  const document = edit.document ?? 0;
  const value = values.get(key(document, edit.path));
  const holder = values.get(key(document, edit.path.slice(0, -1)));
  return {
    file: file.path,
    line: value?.line ?? holder?.line ?? 1,
    path: formatPath(edit.path),
    before: value?.kind === 'text' ? value.text : undefined,
    after: 'value' in edit ? edit.value : undefined,
  };
}

function isChange({ before, after }: VersionChange): boolean {
  return before !== after;
}

/** A value that Flux's image automation writes is left to it, with all that belongs to it. */
function refuseOtherWriters(file: OverlayFile, carriers: readonly Carrier[], values: Places): void {
  for (const { edits } of carriers) {
    const all = edits.map((edit) => changeOf(file, edit, values));
    const reason = all.some(isChange) ? all.flatMap(({ line }) => fluxWriter(file, line) ?? [])[0] : undefined;
    if (reason !== undefined) {
      throw new Error(reason);
    }
  }
}

function key(document: number, path: YamlPath): string {
  return JSON.stringify([document, path]);
}
