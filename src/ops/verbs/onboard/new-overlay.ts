import type { OverlayFile } from '../../carriers/overlay-file.js';
import { readKustomization } from '../../kustomize/kustomization.js';
import { baseFolders } from '../../overlays/base-folders.js';
import { hasPlace, inEnvironment, isFile, isPerApp, overlayFolder, overlayTemplatesOf } from '../../overlays/layout.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { toldByObjects } from './by-hand.js';
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
  /** Whether it is a file, or a folder of files, and no kustomization. */
  isFiles?: true;
}

/**
 * The overlay for the app: a folder of its own or, in a layout of groups, the environment's kustomization of the group that
 * has the app's base, or of the only group.
 *
 * @throws Error naming the places where none fits, or more than one
 */
export async function chooseOverlay(onboarding: Onboarding): Promise<NewOverlay> {
  const { tree, layout, app, environment, group } = onboarding;
  const templates = overlayTemplatesOf(layout, app).filter((template) => hasPlace(layout, template, environment));
  if (templates.length === 0) {
    throw toldByObjects(onboarding);
  }
  const own = templates.filter((template) => isPerApp(layout, template) && !isFile(template));
  const files = templates.filter(isFile);
  if (files.length > 0) {
    return { ...placeOf(onboarding, files), shared: undefined, isFiles: true };
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
  const here = groups.filter(({ template }) => group === undefined || segmentsOf(onboarding, template).includes(group));
  const based = here.filter(({ hasBase }) => hasBase);
  const [only, ...others] = based.length > 0 ? based : here;
  if (only === undefined || others.length > 0) {
    const names = groups.map(({ template }) => groupName(template, templates).replace('{environment}', environment));
    throw new Error(
      group === undefined
        ? `Expected one group for ${app} in ${environment}, found ${names.join(', ') || 'none'}. Name one with the input "group".`
        : `There is no group "${group}" with a kustomization of ${environment}. There are: ${names.join(', ') || 'none'}.`,
    );
  }
  return only;
}

/** The names in a template, and those of its place in an environment. */
function segmentsOf({ layout, environment }: Pick<Onboarding, 'layout' | 'environment'>, template: string): string[] {
  return [...template.split('/'), ...inEnvironment(layout, template, environment).split('/')];
}

/** What a group is called: the folder in its path that others do not have. */
function groupName(template: string, templates: readonly string[]): string {
  const segments = template.split('/');
  const isCommon = (name: string) => templates.every((other) => other.split('/').includes(name));
  return (templates.length > 1 ? segments.find((name) => !isCommon(name)) : undefined) ?? segments[0] ?? '';
}

/** The folder of the app's own, where the other apps have theirs. */
async function ownOverlay(onboarding: Onboarding, own: readonly string[]): Promise<NewOverlay> {
  const place = placeOf(onboarding, own);
  const { areFiles } = await siblingsOf(onboarding, place.template);
  return { ...place, shared: undefined, ...(areFiles ? { isFiles: true as const } : {}) };
}

/** The one place for the app, of those that its environment has. */
function placeOf({ layout, app, environment, group }: Onboarding, own: readonly string[]) {
  const here = own.filter(
    (template) => group === undefined || segmentsOf({ layout, environment }, template).includes(group),
  );
  const [template, ...others] = here;
  if (template === undefined || others.length > 0) {
    const places = own.map((each) => overlayFolder(layout, each, environment, app)).join(', ');
    throw new Error(
      `Expected one place for ${app} in ${environment}, found ${places}. Name one with the input "group": a folder in its path.`,
    );
  }
  return { template, folder: overlayFolder(layout, template, environment, app) };
}

async function readBases(tree: TreeReader, folders: readonly string[]): Promise<boolean> {
  const found = await Promise.all(folders.map((folder) => readKustomization(tree, folder)));
  return found.some((each) => each !== undefined);
}
