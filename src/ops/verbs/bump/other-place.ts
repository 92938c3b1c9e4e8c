import type { Target } from '../../carriers/carrier.js';
import { overlayCarriers } from '../../carriers/find-carriers.js';
import type { OverlayFile } from '../../carriers/overlay-file.js';
import { environmentApps } from '../../overlays/environment-apps.js';
import { inEnvironment, isFile, isPerApp, type Layout, overlayFolder } from '../../overlays/layout.js';
import { readOverlay } from '../../overlays/overlay.js';
import type { AppEnvironment } from '../../tree/app-environment.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { InvalidYaml } from '../../yaml/parse.js';

/** Most apps of an environment whose places are looked at for one that has another name. */
const MOST_LOOKED_AT = 20;

/**
 * What to write where the place of another name carries the version: a file that is called after none of its apps.
 *
 * @throws what a failed request throws
 */
export async function otherPlaceLines(
  tree: TreeReader,
  layout: Layout,
  { environment, app }: AppEnvironment,
  targets: readonly Target[],
): Promise<string | undefined> {
  const templates = layout.templates.filter((template) => isFile(template) && isPerApp(layout, template));
  const names = templates.length === 0 ? [] : await environmentApps(tree, layout, environment).catch(noneIfBroken);
  const looked = await Promise.all(
    names.slice(0, MOST_LOOKED_AT).map(async (name) => {
      const files = (await readOverlay(tree, layout, environment, name))?.files ?? [];
      return !carries(files, targets)
        ? []
        : templates.filter((template) => {
            const place = overlayFolder(layout, template, environment, name);
            return files.some(({ path }) => path === place);
          });
    }),
  );
  const places = looked.flatMap((found, index) =>
    found.map((template) => template.replaceAll('{app}', names[index] ?? '')),
  );
  const [place, ...others] = places;
  return place === undefined || others.length > 0
    ? undefined
    : `Its image is in ${inEnvironment(layout, place, environment)}, which is called otherwise. Write into ostack.yaml:\n\napps:\n  ${app}:\n    overlay: ${JSON.stringify(place)}\n`;
}

/** Whether files carry a target. What is wrong with those of another app is said where that is bumped. */
function carries(files: readonly OverlayFile[], targets: readonly Target[]): boolean {
  try {
    return overlayCarriers(files, targets).length > 0;
  } catch (error) {
    if (error instanceof InvalidYaml) {
      return false;
    }
    throw error;
  }
}

function noneIfBroken(error: unknown): string[] {
  if (error instanceof InvalidYaml) {
    return [];
  }
  throw error;
}
