import type { Layout } from '../overlays/layout.js';
import { chartValuesIn, foldersIn } from './deployments.js';
import { deployingObjects } from './find-deploying-objects.js';
import { withGitSources } from './git-sources.js';
import { findNearObjects } from './object-files.js';
import type { Sketch } from './sketch.js';

/**
 * A layout that is told by something else, with the objects of Flux and Argo CD that deploy its overlays and may set something
 * over them. Objects that lie deeper, and the folders that a generator lists, are not seen.
 *
 * @throws what a failed request throws
 */
export async function withNearObjects(sketch: Sketch, layout: Layout): Promise<Layout> {
  const files = await findNearObjects(sketch);
  const deployedBy = deployingObjects([...foldersIn(files), ...chartValuesIn(files)], files, layout);
  return withGitSources(deployedBy.length === 0 ? layout : { ...layout, deployedBy }, files);
}
