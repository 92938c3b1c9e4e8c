import type { OverlayFile } from '../../carriers/overlay-file.js';
import { readKustomization } from '../../kustomize/kustomization.js';
import { baseOfGroup, isPerApp, overlayFolder } from '../../overlays/layout.js';
import type { Site } from './site.js';

/** Where an app joins. */
export interface Place {
  /** The one of the layout's templates that it is by. */
  template: string;
  /** Folder of the kustomization that takes it in: its own, or the environment's of a group. */
  folder: string;
  /** The kustomization that is there; `undefined` where the app has a folder of its own. */
  shared: OverlayFile | undefined;
}

/**
 * Where the app joins: in groups, in the one that has its base, or the only one of the environment.
 *
 * @throws Error naming the groups where there is none, or more than one
 */
export async function choosePlace({ tree, layout, app, environment, group }: Site): Promise<Place> {
  const [own] = layout.templates.filter(isPerApp);
  if (own !== undefined) {
    return { template: own, folder: overlayFolder(own, environment, app), shared: undefined };
  }
  const opened = await Promise.all(
    layout.templates.map(async (template) => {
      const folder = overlayFolder(template, environment, app);
      const [shared, base] = await Promise.all([
        readKustomization(tree, folder),
        readKustomization(tree, `${baseOfGroup(template)}/${app}`),
      ]);
      const name = template.split('/')[0] ?? '';
      return shared === undefined ? [] : [{ template, folder, shared, name, hasBase: base !== undefined }];
    }),
  );
  const groups = opened.flat();
  const here = groups.filter(({ name }) => group === undefined || name === group);
  const based = here.filter(({ hasBase }) => hasBase);
  const [only, ...others] = based.length > 0 ? based : here;
  if (only === undefined || others.length > 0) {
    const names = groups.map(({ name }) => name);
    throw new Error(
      group === undefined
        ? `Expected one group for ${app} in ${environment}, found ${names.join(', ') || 'none'}. Say which with the input "group".`
        : `There is no group "${group}" with a kustomization of ${environment}. There are: ${names.join(', ') || 'none'}.`,
    );
  }
  return only;
}
