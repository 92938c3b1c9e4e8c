import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix, relative } from 'node:path';
import type { Layout } from '../overlays/layout.js';
import { overlayOfPath } from '../overlays/overlay-path.js';
import { appFinder } from './app-of-origin.js';
import type { Closure } from './closure.js';
import { type Resource, readResources } from './resource.js';
import { BuildFailure, buildFolder, type Kustomize } from './run-kustomize.js';

/** What a folder comes to. */
export interface Built {
  /** YAML documents: the same text where two builds come to the same. */
  output: string;
  /** Its objects; those of an overlay of several apps each with its app. */
  read(): Resource[];
}

/**
 * Builds a folder that is on disk.
 *
 * @param root absolute path that the closure's folder is relative to
 * @param layout where overlays of several apps are; without it no object has an app
 * @throws BuildFailure with kustomize's own words
 */
export async function build(
  kustomize: Kustomize,
  root: string,
  closure: Closure,
  layout: Layout | undefined,
): Promise<Built> {
  const isOfSeveral = layout !== undefined && overlayOfPath(layout, closure.folder)?.app === '';
  if (!isOfSeveral || asksForOrigins(closure)) {
    const output = await buildFolder(kustomize, root, closure.folder);
    return { output, read: () => readResources(output) };
  }
  const output = await buildWithOrigins(kustomize, root, closure.folder);
  return { output, read: () => readResources(output, appFinder(closure)) };
}

/** Whether the overlay wants the annotation for itself, so that it is part of its objects. */
function asksForOrigins({ folder, kustomizations, files }: Closure): boolean {
  const own = kustomizations.find((path) => posix.dirname(path) === folder);
  return own !== undefined && files.get(own)?.includes('originAnnotations') === true;
}

/**
 * Builds a folder through a kustomization around it that asks for the origin of every object: an annotation whose paths
 * are from `root`. Where kustomize refuses that, the output is without origins.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/buildmetadata/
 */
async function buildWithOrigins(kustomize: Kustomize, root: string, folder: string): Promise<string> {
  const scratch = await mkdtemp(join(await realpath(process.env.RUNNER_TEMP ?? tmpdir()), 'ostack-origin-'));
  try {
    const way = relative(scratch, await realpath(root));
    const around = { resources: [`${way}/${folder}`], buildMetadata: ['originAnnotations'] };
    await writeFile(join(scratch, 'kustomization.yaml'), JSON.stringify(around));
    const output = await buildFolder(kustomize, scratch, '.');
    return output.replaceAll(`: ${way}/`, ': ');
  } catch (error) {
    if (!(error instanceof BuildFailure)) {
      throw error;
    }
    return await buildFolder(kustomize, root, folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
