import { chartLabel, sameChart } from './chart-reference.js';
import type { Deployed } from './deployed.js';

/**
 * What becomes of the charts of an overlay, for people: `chart ingress-nginx 4.9.0 -> 4.10.1`. A chart that stays as it is
 * and one that goes are not among them.
 *
 * @param before `undefined` where it was not there
 */
export function chartMoves(before: Deployed | undefined, after: Deployed): string[] {
  const old = (before?.targets ?? []).filter((target) => target.kind === 'chart');
  const pinned = after.targets.flatMap((target) => {
    if (target.kind !== 'chart') {
      return [];
    }
    const was = old.find((other) => sameChart(other, target));
    const range = before?.following?.find(({ name }) => name === target.name)?.range;
    const from = was === undefined ? range : chartLabel({ ...was, name: '' });
    const to = chartLabel({ ...target, name: '' });
    const isOther = from !== to || was?.digest !== target.digest;
    return isOther ? [`chart ${target.name} ${from === undefined ? '' : `${from || 'unpinned'} -> `}${to}`] : [];
  });
  const loose = (after.following ?? []).flatMap(({ name, range }) => {
    const stays = before?.following?.some((other) => other.name === name && other.range === range) === true;
    const from =
      old.find((other) => other.name === name)?.version ?? before?.following?.find((one) => one.name === name)?.range;
    return stays
      ? []
      : [`chart ${name} ${from === undefined ? '' : `${from || 'unpinned'} -> `}${range || 'the newest'} (no pin)`];
  });
  return [...pinned, ...loose];
}
