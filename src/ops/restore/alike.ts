import { overlayNodes } from '../carriers/file-nodes.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { releaseValuesFiles } from '../carriers/release-values.js';
import type { AppState } from '../overlays/app-state.js';
import { type MapValue, mapAt, textAt } from '../yaml/values.js';

/** What takes in a version from elsewhere: the same text may come to another one in each environment. */
const FROM_ELSEWHERE = /\bvaluesFrom\b|\bvalueFrom\b|\benvFrom\b|\$\{|\$\(|\{\{/;

/**
 * Whether two environments say the same of an app that HelmReleases install, word by word but for their own names, so that they
 * have the same version of it although nobody can read which. Only what is all in the files that are read counts.
 */
export function saySameReleases(source: AppState, target: AppState): boolean {
  const [from, to] = [source, target].map(filesOf);
  const releases = (from ?? []).flatMap(releasesIn);
  const areRead = releases.length > 0 && releases.every((release) => isAllRead(release, from ?? []));
  return areRead && wordsOf(from ?? [], source.environment) === wordsOf(to ?? [], target.environment);
}

/** All files that are read of an app, each once. */
function filesOf({ parts }: AppState): OverlayFile[] {
  const own = parts.flatMap(({ overlay = [] }) => overlay);
  const layers = parts.flatMap(({ layered }) => [...(layered?.layers.texts ?? []), ...(layered?.outer?.texts ?? [])]);
  const known = new Set(own.map(({ path }) => path));
  const more = new Map(layers.filter(([path]) => !known.has(path)));
  return [...own, ...[...more].map(([path, text]): OverlayFile => ({ path, text }))];
}

function releasesIn(file: OverlayFile): MapValue[] {
  return file.onlyNamed === true || !file.text.includes('HelmRelease')
    ? []
    : overlayNodes(file).flatMap(({ path, value }) =>
        path.length === 0 && value.kind === 'map' && textAt(value, 'kind') === 'HelmRelease' ? [value] : [],
      );
}

/** Whether the chart is one of a Helm repository, or lies in this one and its values are read. */
function isAllRead(release: MapValue, files: readonly OverlayFile[]): boolean {
  const isElsewhere = files.some((file) => file.isElsewhere === true || FROM_ELSEWHERE.test(file.text));
  const reference = inner(release, 'spec', 'chart', 'spec', 'sourceRef');
  const source = reference && textAt(reference, 'kind');
  const values = releaseValuesFiles(release);
  const isHere = values.length > 0 && values.every((path) => files.some((file) => file.path === path));
  return !isElsewhere && (source === 'HelmRepository' || (source === 'GitRepository' && isHere));
}

function inner(map: MapValue, ...keys: readonly string[]): MapValue | undefined {
  return keys.reduce<MapValue | undefined>((above, key) => above && mapAt(above, key), map);
}

function wordsOf(files: readonly OverlayFile[], environment: string): string {
  const general = (text: string) => text.replaceAll(environment, '{environment}');
  return JSON.stringify(files.map(({ path, text }) => [general(path), general(text)]).sort());
}
