import type { OverlayFile } from '../../carriers/overlay-file.js';
import { readKustomization } from '../../kustomize/kustomization.js';
import { baseFolders } from '../../overlays/base-folders.js';
import { hasPlace, isFile, isPerApp, overlayFolder, overlayTemplatesOf } from '../../overlays/layout.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import type { Onboarding } from './onboarding.js';
import { siblingsOf } from './siblings.js';

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
 * @throws Error naming the places where none fits, or more than one, and where overlays are no kustomizations
 */
export async function chooseOverlay(onboarding: Onboarding): Promise<NewOverlay> {
  const { tree, layout, app, environment, group } = onboarding;
  const templates = overlayTemplatesOf(layout, app).filter((template) => hasPlace(layout, template, environment));
  const own = templates.filter((template) => isPerApp(layout, template));
  const [file] = templates.filter(isFile);
  if (file !== undefined) {
    const path = overlayFolder(layout, file, environment, app);
    throw new Error(
      `The overlays of this repository are files, and "onboard" makes kustomizations: add ${path} by hand.`,
    );
  }
  if (own.length > 0) {
    return ownOverlay(onboarding, own);
  }
  const found = await Promise.all(
    templates.map(async (template) => {
      const folder = overlayFolder(layout, template, environment, app);
      const [shared, base] = await Promise.all([
        readKustomization(tree, folder),
        readBases(tree, baseFolders(layout, template, app)),
      ]);
      return shared === undefined ? [] : [{ template, folder, shared, hasBase: base }];
    }),
  );
  const groups = found.flat();
  const here = groups.filter(({ template }) => group === undefined || template.split('/').includes(group));
  const based = here.filter(({ hasBase }) => hasBase);
  const [only, ...others] = based.length > 0 ? based : here;
  if (only === undefined || others.length > 0) {
    const names = groups.map(({ template }) => groupName(template, templates));
    throw new Error(
      group === undefined
        ? `Expected one group for ${app} in ${environment}, found ${names.join(', ') || 'none'}. Name one with the input "group".`
        : `There is no group "${group}" with a kustomization of ${environment}. There are: ${names.join(', ') || 'none'}.`,
    );
  }
  return only;
}

/** What a group is called: the folder in its path that others do not have. */
function groupName(template: string, templates: readonly string[]): string {
  const segments = template.split('/');
  const isCommon = (name: string) => templates.every((other) => other.split('/').includes(name));
  return (templates.length > 1 ? segments.find((name) => !isCommon(name)) : undefined) ?? segments[0] ?? '';
}

/** The folder of the app's own, where the other apps have theirs. */
async function ownOverlay(onboarding: Onboarding, own: readonly string[]): Promise<NewOverlay> {
  const { layout, app, environment, group } = onboarding;
  const here = own.filter((template) => group === undefined || template.split('/').includes(group));
  const [template, ...others] = here;
  if (template === undefined || others.length > 0) {
    const places = own.map((each) => overlayFolder(layout, each, environment, app)).join(', ');
    throw new Error(
      `Expected one place for ${app} in ${environment}, found ${places}. Name one with the input "group": a folder in its path.`,
    );
  }
  const folder = overlayFolder(layout, template, environment, app);
  if ((await siblingsOf(onboarding, template)).areFiles) {
    throw new Error(
      `The apps of ${environment} have no kustomizations, and "onboard" makes one: add ${folder} by hand.`,
    );
  }
  return { template, folder, shared: undefined };
}

async function readBases(tree: TreeReader, folders: readonly string[]): Promise<boolean> {
  const found = await Promise.all(folders.map((folder) => readKustomization(tree, folder)));
  return found.some((each) => each !== undefined);
}
