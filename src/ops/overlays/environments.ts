import type { TreeReader } from '../tree/tree-reader.js';
import { carrierTemplates } from './carrier-files.js';
import { isEnvironment } from './environment-name.js';
import { type Layout, overlayTemplatesOf, ownTemplates } from './layout.js';
import { namesFromFolders } from './template-folders.js';

/**
 * The environments that have a folder in the tree, in alphabetical order. Lists only the folder above them.
 *
 * @param app for a template in which the app comes before the environment; empty for the environments of all apps
 */
export async function environmentsOf(tree: TreeReader, layout: Layout, app: string): Promise<string[]> {
  const own = app === '' ? ownTemplates(layout).map(({ template }) => template) : [];
  const overlays = overlayTemplatesOf(layout, app);
  // What the policy names tells environments where nothing else does.
  const places = overlays.length + own.length > 0 ? overlays : carrierTemplates(layout, app === '' ? undefined : app);
  const found = await Promise.all(
    [...places, ...own].map(async (template) => {
      const placed = layout.places?.get(template);
      if (placed !== undefined) {
        return [...placed.keys()];
      }
      const isBelow = template.indexOf('{app}') >= 0 && template.indexOf('{app}') < template.indexOf('{environment}');
      const apps = isBelow && app === '' ? await namesFromFolders(tree, template, '{app}') : [app];
      const names = apps.map((each) => namesFromFolders(tree, template.replaceAll('{app}', each), '{environment}'));
      return (await Promise.all(names)).flat();
    }),
  );
  return [...new Set(found.flat())].filter((name) => isEnvironment(layout, name)).sort();
}

/**
 * All environments: those of the policy, in its order, where it names any; otherwise those that have a folder. They have
 * no rules then.
 *
 * @param app as for `environmentsOf`
 */
export async function allEnvironments(
  tree: TreeReader,
  layout: Layout,
  policy: { environments: readonly { name: string }[] },
  app = '',
): Promise<string[]> {
  const declared = policy.environments.map(({ name }) => name);
  return declared.length > 0 ? declared : environmentsOf(tree, layout, app);
}
