import type { Report } from './said.js';

/** A status with who posted it, as GitHub's REST writes that: an App as `name[bot]`. */
export interface Posted extends Report {
  by: string;
}

/** The statuses of a commit, the newest first. */
export interface Listed {
  all: readonly Posted[];
  /** Whether these are all of them. */
  isWhole: boolean;
}

const HIDDEN = 'others have set so much over it that what it says is not known';

/**
 * What is reported of a commit by those whose statuses count, of each context the newest. Where others have written over one, all that is
 * listed tells; where that was not read to its end, nobody knows what lies below, which is no success and no silence.
 *
 * @param shown the newest status of each context, whoever posted it
 * @param listed `undefined` where nothing was listed
 * @param ours contexts in which somebody who counts has ever reported: others are not of this cluster
 */
export function countedReports(
  shown: readonly Posted[],
  counts: (status: Posted) => boolean,
  listed: Listed | undefined,
  ours: ReadonlySet<string>,
): Report[] {
  const covering = shown.filter((status) => !counts(status));
  const known = [...shown.filter(counts), ...(listed?.all ?? []).filter(counts)];
  const isHidden = ({ context }: Posted) => ours.has(context) && known.every((each) => each.context !== context);
  const hidden =
    listed?.isWhole === true
      ? []
      : covering.filter(isHidden).map((each): Posted => ({ ...each, state: 'pending', description: HIDDEN, url: '' }));
  const newest = new Map<string, Report>();
  for (const { by: _, ...report } of [...known, ...hidden]) {
    if (!newest.has(report.context)) {
      newest.set(report.context, report);
    }
  }
  return [...newest.values()];
}
