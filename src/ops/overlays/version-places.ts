import type { OverlayFile } from '../carriers/overlay-file.js';
import { deployedWith, effectiveVersions } from './effective-versions.js';
import type { LayeredOverlay } from './layered-overlay.js';

/** The version that one of several places of an app has in an environment: that of a cluster, say. */
export interface PlaceOfVersion {
  /** Its folder or file. */
  place: string;
  /** As people read it; `null` for none. */
  version: string | null;
}

/**
 * The versions of an app's places in an environment, where they differ.
 *
 * @param files the overlay's, as `readOverlay` says them
 * @param overlays the same, with their layers
 * @returns none where there is one place, or all have one version
 */
export function differingPlaces(
  files: readonly OverlayFile[],
  app: string,
  overlays: readonly LayeredOverlay[],
): PlaceOfVersion[] {
  const places = [...new Set(files.flatMap(({ place }) => place ?? []))];
  const found = places.map((place): PlaceOfVersion => {
    const own = files.filter((file) => file.place === place);
    const versions = overlays.filter(({ folder }) => folder === place).map((overlay) => effectiveVersions(overlay));
    return { place, version: deployedWith(own, app, versions).version };
  });
  const known = found.filter(({ version }) => version !== null);
  return new Set(known.map(({ version }) => version)).size > 1 ? found : [];
}
