import { type AppsConfig, CONFIG_FILE, imageRegistry } from '../apps/config.js';
import type { ImageNames } from './plan-images.js';
import { namesIn, patternProblem, type Space } from './spaces.js';

/** What the inputs of a run say. */
interface Given {
  registry: string | undefined;
  previewImages: string | undefined;
}

/**
 * How the images of a run are named: by the inputs, else by the settings of the checked-out commit.
 *
 * @param repository `owner/name` of the apps repository
 * @throws Error naming what is set where images of pull requests would not be apart from those of releases
 */
export function namesOf(config: AppsConfig, repository: string, given: Given, space: Space): ImageNames {
  const registry = given.registry ?? imageRegistry(config, repository);
  const released = namesIn('release', registry);
  if (space === 'release') {
    return { own: released, released };
  }
  const set = given.previewImages ?? config['preview-images'];
  const problem = set === undefined ? undefined : patternProblem(set, registry);
  if (problem !== undefined) {
    const where = given.previewImages === undefined ? `${CONFIG_FILE}: "preview-images"` : 'Input "preview-images"';
    throw new Error(`${where} is "${set}", ${problem}.`);
  }
  return { own: set ?? namesIn('previews', registry), released };
}

/** Whether the workflow alone says where the images go, so that no commit can lead a password elsewhere. */
export function saidByWorkflow(config: AppsConfig, { registry, previewImages }: Given, space: Space): boolean {
  if (space === 'release') {
    return registry !== undefined;
  }
  return previewImages !== undefined || (registry !== undefined && config['preview-images'] === undefined);
}
