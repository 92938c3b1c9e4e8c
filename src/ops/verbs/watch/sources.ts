import type { WatchedChange } from './changes.js';
import type { Recorded } from './plan-deployments.js';

/** `owner/name@<commit>`, as the release says it. */
const SOURCE = /^([A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+)@([0-9a-f]{40})$/;

/** The commits of apps repositories that versions were made from, by repository: what is deployed of which commit. */
export interface OfApps {
  repository: string;
  recorded: Recorded[];
}

/**
 * The changes by the apps repository that each version comes from, as its release said it in the history: a promotion brings what the
 * environment before has, from the same commit. What it says permits nothing.
 *
 * @param pageOf the page of a change
 */
export function recordedInApps(changes: readonly WatchedChange[], pageOf: (change: WatchedChange) => string): OfApps[] {
  const known = new Map<string, string>();
  for (const { app, entry, earlier } of changes) {
    for (const { version, trailers } of [entry, ...earlier]) {
      if (version !== null && trailers?.source !== undefined && SOURCE.test(trailers.source)) {
        known.set(keyOf(app, version), trailers.source);
      }
    }
  }
  const sourceOf = (app: string, version: string | null) =>
    version === null ? undefined : SOURCE.exec(known.get(keyOf(app, version)) ?? '');
  const byRepository = new Map<string, Recorded[]>();
  for (const change of changes) {
    const [, repository, sha] = sourceOf(change.app, change.version) ?? [];
    if (repository === undefined || sha === undefined) {
      continue;
    }
    const replaced = change.earlier.flatMap(({ version }) => {
      const [, other, commit] = sourceOf(change.app, version) ?? [];
      return other === repository && commit !== undefined ? [commit] : [];
    });
    const own = byRepository.get(repository) ?? [];
    own.push({ change, sha, replaced, page: pageOf(change) });
    byRepository.set(repository, own);
  }
  return [...byRepository].map(([repository, recorded]) => ({ repository, recorded }));
}

function keyOf(app: string, version: string): string {
  return `${app} ${version}`;
}
