import { imageTargetOf, sameRepository } from '../../carriers/image-reference.js';
import { ROLLBACK } from '../../ledger/action-names.js';
import { appsOf, parseTrailers } from '../../ledger/trailers.js';
import type { Layout } from '../../overlays/layout.js';
import { overlayOfPath } from '../../overlays/overlay-path.js';
import { holdsAll, type Wanted } from '../../policy/rules.js';
import type { HeldVersion } from './moves.js';
import type { Root } from './roots.js';

/** An app's version that a verb of ours wrote past the rules on purpose: a rollback, or a promotion that was forced. */
export interface Exemption extends Wanted {
  version: string;
  isRollback: boolean;
  /** In words: `a rollback`. */
  words: string;
}

/**
 * What the commits of a change say that it goes past the rules with in an environment, newest first. Trailers are words
 * that anyone who may push can write, as anyone who may push can start those verbs; approvals are still asked for.
 */
export function exemptionsOf(messages: readonly string[], environment: string): Exemption[] {
  return [...messages].reverse().flatMap((message): Exemption[] => {
    const trailers = parseTrailers(message);
    const isRollback = trailers?.action === ROLLBACK;
    if (trailers?.environment !== environment || (trailers.forcedBy === undefined && !isRollback)) {
      return [];
    }
    const why = trailers.reason === undefined ? '' : `: ${trailers.reason}`;
    const words = trailers.forcedBy === undefined ? 'a rollback' : `forced by ${trailers.forcedBy}${why}`;
    const targets = trailers.images.flatMap((image) => imageTargetOf(image) ?? []);
    return appsOf(trailers).map((each) => ({ ...each, targets, isRollback, words }));
  });
}

/** The exemption of what an environment really holds of an app after the change: words cover nothing that was pushed later. */
export function exemptionFor(exemptions: readonly Exemption[], held: Wanted): Exemption | undefined {
  return exemptions.find(({ app, version, targets }) => {
    // The images of all apps of the commit are named together.
    const own = targets.filter(({ repository }) =>
      held.targets.some((target) => target.kind === 'image' && sameRepository(target.repository, repository)),
    );
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
  /** What the environment holds after the change of the apps that it can affect. */
  held: readonly HeldVersion[];
}

/** Why a freeze lets a change of an environment in: all of it is in the files of apps that are exempt. */
export function freezeExemption(exemptions: readonly Exemption[], touch: Touch): string | undefined {
  const { environment, layout, changed, roots, held } = touch;
  const own = roots.filter(({ overlay }) => overlay?.environment === environment);
  const closures = own.flatMap(({ before, after }) => [before, after].filter((side) => side !== undefined));
  const read = new Set(closures.flatMap(({ files, links }) => [...files.keys(), ...links.map(({ target }) => target)]));
  const covered = (app: string) => {
    const now = held.find((each) => each.app === app);
    return now === undefined
      ? exemptions.some((exemption) => exemption.app === app)
      : exemptionFor(exemptions, now) !== undefined;
  };
  const paths = [...changed].filter((path) => read.has(path) || path.split('/').slice(0, -1).includes(environment));
  const all = paths.every((path) => {
    const place = overlayOfPath(layout, path);
    const app = place && (place.app === '' ? appInGroup(place.folder, path) : place.app);
    return place?.environment === environment && (app === undefined || covered(app));
  });
  // A kustomization that all apps of a group share can set the version of any of them.
  const isOnly = held.every(({ app, moves }) => !moves || covered(app));
  return all && isOnly ? exemptions[0]?.words : undefined;
}

/** The app whose folder of a group's overlay a path is in; `undefined` for the kustomization that all of them share. */
function appInGroup(folder: string, path: string): string | undefined {
  const [app, ...rest] = path.slice(folder.length + 1).split('/');
  return rest.length === 0 ? undefined : app;
}
