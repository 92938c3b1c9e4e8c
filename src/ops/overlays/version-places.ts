import type { Deployed } from '../carriers/deployed.js';
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

/** What an environment deploys of an app in one of its places. */
export interface DeployedPlace {
  place: string;
  deployed: Deployed;
}

/**
 * What each of an app's places has, in the order of the layout. Of all of them together one version of each image is known: that
 * of the first.
 *
 * @param files the overlay's, as `readOverlay` says them
 * @param overlays the same, with their layers
 * @returns none where there is one place
 */
export function deployedPlaces(
  files: readonly OverlayFile[],
  app: string,
  overlays: readonly LayeredOverlay[],
): DeployedPlace[] {
  const places = [...new Set(files.flatMap(({ place }) => place ?? []))];
  return places.map((place) => {
    const own = files.filter((file) => file.place === place);
    const versions = overlays.filter(({ folder }) => folder === place).map((overlay) => effectiveVersions(overlay));
    return { place, deployed: deployedWith(own, app, versions) };
  });
}

/** The versions of an app's places in an environment, where they differ. @returns none where they do not */
export function differingPlaces(
  files: readonly OverlayFile[],
  app: string,
  overlays: readonly LayeredOverlay[],
): PlaceOfVersion[] {
  const found = deployedPlaces(files, app, overlays).map(({ place, deployed: { version } }) => ({ place, version }));
  const known = found.filter(({ version }) => version !== null);
  return new Set(known.map(({ version }) => version)).size > 1 ? found : [];
}
