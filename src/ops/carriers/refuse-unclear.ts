import type { Carrier, ChartTarget } from './carrier.js';

/**
 * Asks where a version cannot be set without a guess: a place says itself why nothing may be set there, or several places
 * fit a chart and nothing tells which one is meant. Places of one chart, from one repository and at one version, go
 * together.
 *
 * @param carriers those that count
 * @throws Error naming the places, with what to write
 */
export function refuseUnclear(carriers: readonly Carrier[]): void {
  const refused = carriers.filter(({ refusal }) => refusal !== undefined);
  if (refused.length > 0) {
    throw new Error(refused.map(({ file, line, refusal }) => `${file}:${line}: ${refusal}`).join('\n'));
  }
  const charts = new Map<ChartTarget, Carrier[]>();
  for (const carrier of carriers) {
    if (carrier.target.kind === 'chart') {
      charts.set(carrier.target, [...(charts.get(carrier.target) ?? []), carrier]);
    }
  }
  for (const [target, places] of charts) {
    if (isUnclear(target, places)) {
      throw unclear(target, places);
    }
  }
}

function isUnclear(target: ChartTarget, places: readonly Carrier[]): boolean {
  // A patch does not repeat where its chart comes from.
  const differ = (of: (carrier: Carrier) => string | undefined) =>
    new Set(places.flatMap((place) => of(place) ?? [])).size > 1;
  if (differ(({ current }) => current.repository || undefined)) {
    return true;
  }
  const releases = differ(({ current }) => current.release);
  const isCertain = places.every(({ certain }) => certain);
  const versions = differ(({ current }) => current.tag ?? current.digest);
  return releases && (!isCertain || (versions && target.release === undefined));
}

function unclear({ name }: ChartTarget, places: readonly Carrier[]): Error {
  const list = places.map(({ file, line, current: { repository, release, tag, digest } }) => {
    const parts = [
      ...(release === undefined ? [] : [`release ${release}`]),
      ...(repository === '' ? [] : [`from ${repository}`]),
      ...(tag === undefined && digest === undefined ? [] : [`at ${tag ?? digest?.slice(0, 19)}`]),
    ];
    return `${parts.join(' ')} (${file}:${line})`;
  });
  return new Error(
    `Several places fit chart ${name}, and it does not say which one is meant: ${list.join(', ')}. Name it with "release" or "repository" of the chart.`,
  );
}
