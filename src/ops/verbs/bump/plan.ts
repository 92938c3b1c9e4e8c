import type { Carrier, CurrentVersion, Target } from '../../carriers/carrier.js';
import type { StaleChart } from '../../carriers/chart-lock.js';
import { editFile } from '../../carriers/file-nodes.js';
import { overlayCarriers } from '../../carriers/find-carriers.js';
import type { ImageReference } from '../../carriers/image-reference.js';
import { goesBackwards } from '../../carriers/never-backwards.js';
import { newerThere, type PlaceVersion } from '../../carriers/newer-places.js';
import type { OverlayFile } from '../../carriers/overlay-file.js';
import { refuseUnclear } from '../../carriers/refuse-unclear.js';
import { setVersions } from '../../carriers/set-version.js';
import { versionOf } from '../../carriers/tag-version.js';
import type { Change } from '../../tree/change.js';

/** What setting an app's version in an overlay comes to. */
export interface Plan {
  /** `change`: files change; `nothing`: it has the version already; `newer`: it has a newer one. */
  state: 'change' | 'nothing' | 'newer';
  /** What it holds now, as people read it; `null` where it names no version. */
  previous: string | null;
  /** Which of its places have a newer version, and which do not, where that differs: a sentence with what to do. */
  apart?: string | undefined;
  change: Change;
  /** The changed files as they were. */
  before: ReadonlyMap<string, string>;
  /** Targets that nothing carries, while others are carried. */
  missing: Target[];
  /** Wrapper charts whose lock the change leaves out of date; missing for none. */
  stale?: readonly StaleChart[];
  /** Why it is not proved that something runs what is set, sentences; missing for nothing. */
  unproved?: readonly string[];
  /** Whether a remote base is among what is set: it brings images of its own. */
  carriesBase: boolean;
}

/**
 * Plans one app's version in one overlay. Where it is known what containers run of an image, that says whether it is newer; a
 * variable that has a newer version stays as it is then, and an entry of `images` that sets nothing goes along.
 *
 * @param files the overlay's files
 * @param where the overlay, for messages: `overlays/staging/my-app`
 * @param running what containers run of images, of those of which it is known
 * @throws Error when nothing carries any of the targets, or a file cannot be read or changed as YAML
 */
export function planBump(
  files: readonly OverlayFile[],
  targets: readonly Target[],
  where: string,
  running: ReadonlyMap<Target, readonly ImageReference[]> = new Map(),
): Plan {
  const found = overlayCarriers(files, targets);
  refuseUnclear(found);
  const previous = deployedVersion(found);
  const carriesBase = found.some(({ target }) => target.kind === 'base');
  const unchanged = { previous, change: { files: new Map() }, before: new Map(), carriesBase };
  const [newer] = [...running].flatMap(([target, known]) =>
    known.filter((current) => goesBackwards({ current, target })),
  );
  const isAside = ({ target }: Carrier) => running.has(target);
  if (newer !== undefined || found.some((carrier) => goesBackwards(carrier) && !isAside(carrier))) {
    const isRun = ({ target, current }: Carrier) =>
      running.get(target)?.some(({ tag, digest }) => tag === current.tag && digest === current.digest) ?? true;
    const { previous: told, apart } = newest(found.filter(isRun));
    return {
      ...unchanged,
      state: 'newer',
      previous: (newer && readable(newer)) ?? told ?? previous,
      apart,
      missing: [],
    };
  }
  const isLeft = (carrier: Carrier) => carrier.kind !== 'kustomize-image' && goesBackwards(carrier) && isAside(carrier);
  const overlay = setVersions(files, targets, where, isLeft);
  if (overlay.files.length === 0) {
    return { ...unchanged, state: 'nothing', missing: overlay.missing };
  }
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  return {
    state: 'change',
    previous,
    change: { files: new Map(overlay.files.map(({ path, text }) => [path, text])) },
    before: new Map(overlay.files.map(({ path }) => [path, texts.get(path) ?? ''])),
    missing: overlay.missing,
    ...(overlay.stale.length === 0 ? {} : { stale: overlay.stale }),
    carriesBase,
  };
}

/**
 * Plans the versions of carriers that are found already, in files that say nothing else of the app.
 *
 * @throws Error where a file cannot be changed in place
 */
export function planCarriers(files: readonly OverlayFile[], carriers: readonly Carrier[]): Plan {
  const previous = deployedVersion(carriers);
  const rest = { previous, missing: [], carriesBase: false };
  if (carriers.some(goesBackwards)) {
    return { ...rest, ...newest(carriers), state: 'newer', change: { files: new Map() }, before: new Map() };
  }
  const changed = files.flatMap((file) => {
    const edits = carriers.filter((carrier) => carrier.file === file.path).flatMap((carrier) => carrier.edits);
    const text = editFile(file.text, edits, file.path);
    return text === file.text ? [] : [{ file, text }];
  });
  return {
    ...{ ...rest, state: changed.length === 0 ? 'nothing' : 'change' },
    change: { files: new Map(changed.map(({ file, text }) => [file.path, text])) },
    before: new Map(changed.map(({ file }) => [file.path, file.text])),
  };
}

/** What is newer of what is found, and where. */
function newest(found: readonly Carrier[]): Pick<Plan, 'previous' | 'apart'> {
  const obeyed = found.filter(({ overriddenBy }) => overriddenBy === undefined);
  const newer = obeyed.filter(goesBackwards);
  const targets = new Set(newer.map(({ target }) => target));
  const others = obeyed.filter((each) => targets.has(each.target) && !newer.includes(each));
  const placed = ({ file, line, current }: Carrier): PlaceVersion => ({ where: `${file}:${line}`, current });
  const { version, apart } = newerThere(newer.map(placed), others.map(placed));
  return { previous: version, apart };
}

/** The version an overlay holds, by what is obeyed: of its first image that names one, else of its base, else of its chart. */
function deployedVersion(carriers: readonly Carrier[]): string | null {
  const kinds = ['image', 'base', 'chart'];
  const obeyed = carriers.filter(({ overriddenBy }) => overriddenBy === undefined);
  const ordered = obeyed.sort((a, b) => kinds.indexOf(a.target.kind) - kinds.indexOf(b.target.kind));
  for (const { current } of ordered) {
    const version = readable(current);
    if (version !== undefined) {
      return version;
    }
  }
  return null;
}

/** A version as people read it; `undefined` for none. */
function readable({ tag, digest }: Pick<CurrentVersion, 'tag' | 'digest'>): string | undefined {
  return tag === undefined ? digest?.slice(0, 19) : (versionOf(tag) ?? tag);
}
