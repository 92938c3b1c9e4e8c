import type { OverlayFile } from '../carriers/overlay-file.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { mapAt, textAt } from '../yaml/values.js';
import { appBases } from './app-bases.js';
import { appOverlaysOf } from './app-overlay.js';
import type { Layout } from './layout.js';
import { type Manifest, readManifests } from './manifests.js';

/** A HelmRelease that only the base of an app has, seen from one kustomization of its environment. */
export interface BaseRelease {
  /** The environment's own kustomization, which can patch it. */
  kustomization: OverlayFile;
  /** Its name. */
  release: string;
  chart: string;
  /** As written: a version, a range, or nothing. */
  version: string;
}

/**
 * Reads the HelmReleases of an app's bases in this repository, for what the environment itself does not carry.
 *
 * @throws InvalidYaml where one of the files is not valid YAML; what a failed request throws
 */
export async function baseReleasesOf(
  tree: TreeReader,
  layout: Layout,
  environment: string,
  app: string,
): Promise<BaseRelease[]> {
  const overlays = await appOverlaysOf(tree, layout, environment, app);
  const found = await Promise.all(
    overlays.map(async (overlay) => {
      const bases = await Promise.all(appBases(overlay, app).folders.map((folder) => readManifests(tree, folder)));
      const { kustomization } = overlay;
      return bases.flatMap((base) =>
        (base?.objects ?? []).flatMap(releaseOf).map((release) => ({ ...release, kustomization })),
      );
    }),
  );
  return found.flat();
}

function releaseOf({ kind, name, spec }: Manifest): Omit<BaseRelease, 'kustomization'>[] {
  const chart = kind === 'HelmRelease' ? spec.get('chart') : undefined;
  const own = chart?.kind === 'map' ? mapAt(chart, 'spec') : undefined;
  const called = (own && textAt(own, 'chart'))?.split('/').at(-1);
  return own === undefined || called === undefined
    ? []
    : [{ release: name, chart: called, version: textAt(own, 'version') ?? '' }];
}
