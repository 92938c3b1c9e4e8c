import type { OverlayFile } from '../../carriers/overlay-file.js';
import { readKustomization } from '../../kustomize/kustomization.js';
import { baseOfGroup, isPerApp, overlayFolder, templatesOf } from '../../overlays/layout.js';
import type { Onboarding } from './onboarding.js';

/** The overlay that an app gets in an environment. */
export interface NewOverlay {
  /** The template of the layout that the folder is made from. */
  template: string;
  /** Folder of the kustomization that takes the app in: the app's own, or the environment's in a group. */
  folder: string;
  /** The kustomization of the environment in the group; `undefined` where the app has a folder of its own. */
  shared: OverlayFile | undefined;
}

/**
 * The overlay for the app: a folder of its own or, in a layout of groups, the environment's kustomization of the group that
 * has the app's base, or of the only group.
 *
 * @throws Error naming the groups where no group fits, or more than one
 */
export async function chooseOverlay({ tree, layout, app, environment, group }: Onboarding): Promise<NewOverlay> {
  const [own] = templatesOf(layout, app).filter((template) => isPerApp(layout, template));
  if (own !== undefined) {
    return { template: own, folder: overlayFolder(own, environment, app), shared: undefined };
  }
  const found = await Promise.all(
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
  const groups = found.flat();
  const here = groups.filter(({ name }) => group === undefined || name === group);
  const based = here.filter(({ hasBase }) => hasBase);
  const [only, ...others] = based.length > 0 ? based : here;
  if (only === undefined || others.length > 0) {
    const names = groups.map(({ name }) => name);
    throw new Error(
      group === undefined
        ? `Expected one group for ${app} in ${environment}, found ${names.join(', ') || 'none'}. Name one with the input "group".`
        : `There is no group "${group}" with a kustomization of ${environment}. There are: ${names.join(', ') || 'none'}.`,
    );
  }
  return only;
}
