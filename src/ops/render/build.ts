import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix, relative } from 'node:path';
import type { Layout } from '../overlays/layout.js';
import { overlayOfPath } from '../overlays/overlay-path.js';
import { appFinder } from './app-of-origin.js';
import type { Closure } from './closure.js';
import { type Resource, readResources } from './resource.js';
import { BuildFailure, buildFolder, type Kustomize } from './run-kustomize.js';

/** The result of a build. */
export interface Built {
  /** YAML documents. Two builds with the same result have the same text. */
  output: string;
  /** Parses the objects. In an overlay of several apps, each has its app. */
  read(): Resource[];
}

/**
 * Builds a folder on disk with kustomize.
 *
 * @param root absolute path that the folder of the closure is relative to
 * @param layout to recognise overlays of several apps; without it no object has an app
 * @throws BuildFailure with the message of kustomize
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

/** Whether the overlay itself asks for the annotation of origins, so that it belongs to its objects. */
function asksForOrigins({ folder, kustomizations, files }: Closure): boolean {
  const own = kustomizations.find((path) => posix.dirname(path) === folder);
  return own !== undefined && files.get(own)?.includes('originAnnotations') === true;
}

/**
 * Builds a folder through a temporary kustomization that includes it and asks for the origin of each object, an
 * annotation with a path from `root`. Where kustomize refuses that, the output has no origins.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/buildmetadata/
 */
async function buildWithOrigins(kustomize: Kustomize, root: string, folder: string): Promise<string> {
  const scratch = await mkdtemp(join(await realpath(process.env.RUNNER_TEMP ?? tmpdir()), 'ostack-origin-'));
  try {
    const rootPath = relative(scratch, await realpath(root));
    const kustomization = { resources: [`${rootPath}/${folder}`], buildMetadata: ['originAnnotations'] };
    await writeFile(join(scratch, 'kustomization.yaml'), JSON.stringify(kustomization));
    const output = await buildFolder(kustomize, scratch, '.');
    return output.replaceAll(`: ${rootPath}/`, ': ');
  } catch (error) {
    if (!(error instanceof BuildFailure)) {
      throw error;
    }
    return await buildFolder(kustomize, root, folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
