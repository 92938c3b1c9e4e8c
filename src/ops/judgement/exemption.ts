import { chartTargetOf } from '../carriers/chart-reference.js';
import { imageTargetOf } from '../carriers/image-reference.js';
import { isSameThing } from '../carriers/target.js';
import { ROLLBACK } from '../ledger/action-names.js';
import { appsOf, parseTrailers } from '../ledger/trailers.js';
import type { Layout } from '../overlays/layout.js';
import { overlaysOfPath } from '../overlays/overlays-of-path.js';
import { holdsAll, type Wanted } from '../policy/rules.js';
import type { Root } from './roots.js';

/** A version of an app that one of our verbs wrote past the rules on purpose: by a rollback, or by a forced promotion. */
export interface Exemption extends Wanted {
  version: string;
  isRollback: boolean;
  /** For people, the end of a sentence: `a rollback`, `forced by ada: broken checkout`. */
  reason: string;
}

/**
 * The exemptions that the trailers of a change's commits claim for an environment, newest first. Anyone who may push can
 * write such trailers, just as anyone who may push can start those verbs: no exemption replaces an approval.
 *
 * @param messages messages of the commits, oldest first
 */
export function exemptionsOf(messages: readonly string[], environment: string): Exemption[] {
  return [...messages].reverse().flatMap((message): Exemption[] => {
    const trailers = parseTrailers(message);
    const isRollback = trailers?.action === ROLLBACK;
    if (trailers?.environment !== environment || (trailers.forcedBy === undefined && !isRollback)) {
      return [];
    }
    const why = trailers.reason === undefined ? '' : `: ${trailers.reason}`;
    const reason = trailers.forcedBy === undefined ? 'a rollback' : `forced by ${trailers.forcedBy}${why}`;
    const targets = [
      ...trailers.images.flatMap((image) => imageTargetOf(image) ?? []),
      ...(trailers.charts ?? []).flatMap((chart) => chartTargetOf(chart) ?? []),
    ];
    return appsOf(trailers).map((each) => ({ ...each, targets, isRollback, reason }));
  });
}

/** The exemption whose version is what the environment holds after the change: one does not cover what was pushed later. */
export function exemptionFor(exemptions: readonly Exemption[], held: Wanted): Exemption | undefined {
  return exemptions.find(({ app, version, targets }) => {
    // The images and charts of all apps of the commit are named together.
    const own = targets.filter((target) => held.targets.some((other) => isSameThing(target, other)));
    return app === held.app && version === (held.version ?? 'none') && holdsAll(held.targets, own);
  });
}

/** What a change does to the files of an environment. */
export interface Touch {
  environment: string;
  layout: Layout;
  /** Paths that differ. */
  changed: ReadonlySet<string>;
  roots: readonly Root[];
}

/** The changed paths that are an environment's: what it is built from, what is in a folder of its name, what deploys it. */
export function touchedPaths({ environment, layout, changed, roots }: Touch): string[] {
  const own = roots.filter(({ overlay }) => overlay?.environment === environment);
  const closures = own.flatMap(({ before, after }) => [before, after].filter((side) => side !== undefined));
  const read = new Set(closures.flatMap(({ files, links }) => [...files.keys(), ...links.map(({ target }) => target)]));
  const isOf = (path: string) => overlaysOfPath(layout, path).some((overlay) => overlay.environment === environment);
  return [...changed].filter(
    (path) => read.has(path) || path.split('/').slice(0, -1).includes(environment) || isOf(path),
  );
}
