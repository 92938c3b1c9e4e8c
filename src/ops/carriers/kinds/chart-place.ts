import type { Edit } from '../../yaml/edits.js';
import type { YamlPath } from '../../yaml/path.js';
import type { CarrierKind, ChartTarget, Finding } from '../carrier.js';
import { isAddress, isChartVersion, isTemplate } from '../chart-reference.js';
import type { YamlNode } from '../yaml-nodes.js';

/** A place that has the version of a chart. */
export interface ChartPlace {
  /** `undefined` in a patch, which does not repeat it. */
  name: string | undefined;
  /** Normal; `undefined` where it does not say. */
  repository: string | undefined;
  /** What the chart is installed as. */
  release: string | undefined;
  path: YamlPath;
  line: number;
  /** As written; `undefined` for none. */
  version: string | undefined;
  digest?: string | undefined;
  /** The key that people are told to write a version in. */
  key: string;
  /** The edits that set a version here. */
  edits(target: ChartTarget): Edit[];
  /** Why a target cannot be set here, where the written version alone does not say it. */
  refusal?(target: ChartTarget): string | undefined;
}

/**
 * A kind of carrier for charts. A place is the target's by the names of chart, repository and release, as far as both say
 * them. A place of another release, a source by another name, and a patch that names no chart are not certain. A range, a
 * template and no version at all are no pins: what follows them does so on purpose, so nothing is set there.
 *
 * @param read the places of charts at a node
 */
export function chartKind(name: string, read: (node: YamlNode) => ChartPlace[]): CarrierKind {
  return {
    name,
    find: (node, target) =>
      target.kind === 'chart' ? read(node).flatMap((place) => findingOf(node, place, target) ?? []) : [],
    candidates: (node) =>
      read(node).flatMap((place) => {
        const called = place.name ?? place.release;
        return called === undefined || isTemplate(called)
          ? []
          : [{ kind: 'chart' as const, name: called, repository: place.repository, release: place.release }];
      }),
  };
}

function findingOf({ document }: YamlNode, place: ChartPlace, target: ChartTarget): Finding | undefined {
  const match = matchOf(place, target);
  if (match === undefined) {
    return undefined;
  }
  const { path, line, version, digest, release } = place;
  const isPinned = digest !== undefined || (version !== undefined && isChartVersion(version));
  const refusal = place.refusal?.(target) ?? (isPinned ? undefined : noPin(place, target));
  const current = { repository: place.repository ?? '', release, digest };
  return {
    path,
    line,
    current: isPinned ? { ...current, tag: version } : { ...current, range: version ?? '' },
    certain: match === 'certain' && isPinned,
    edits: refusal === undefined ? place.edits(target).map((edit) => ({ ...edit, document })) : [],
    refusal,
  };
}

function matchOf(place: ChartPlace, target: ChartTarget): 'certain' | 'likely' | undefined {
  const sameRelease = place.release !== undefined && place.release === target.release;
  const asCalled = place.name ?? place.release;
  // A target that was read from a patch is called as its release, and so is not known by the chart's name.
  const isNamed =
    asCalled === target.name || (sameRelease && (place.name === undefined || target.name === target.release));
  if (!isNamed && place.name !== undefined) {
    return undefined;
  }
  const [here, there] = [place.repository, target.repository];
  const otherSource = here !== undefined && there !== undefined && here !== there;
  if (otherSource && isAddress(here) && isAddress(there)) {
    return undefined;
  }
  const otherRelease = place.release !== undefined && target.release !== undefined && !sameRelease;
  return isNamed && !otherSource && !otherRelease ? 'certain' : 'likely';
}

function noPin({ version, key, name, release }: ChartPlace, target: ChartTarget): string {
  const what = name ?? release ?? target.name;
  const wanted = `Write \`${key}: ${target.version ?? '1.2.3'}\` there to pin it`;
  if (version === undefined || version === '') {
    return `Chart ${what} has no ${key}, so it follows the newest one. ${wanted}; later versions are then set in its place.`;
  }
  return isTemplate(version)
    ? `The ${key} ${JSON.stringify(version)} of chart ${what} is filled in by something else. ${wanted}, or set the version where that value comes from.`
    : `The ${key} ${JSON.stringify(version)} of chart ${what} is a range, which the reconciler follows by itself. ${wanted}; later versions are then set in its place.`;
}
