import { isManifestPath } from '../kustomize/manifest-path.js';
import { carrierTemplates } from './carrier-files.js';
import { isEnvironment } from './environment-name.js';
import { isFile, type Layout, ownTemplates } from './layout.js';
import { canBeTopApp } from './top-folders.js';

/** The overlay that a path is in. */
export interface OverlayPath {
  environment: string;
  /** Empty where the overlay has all apps of a group. */
  app: string;
  /** Path of the overlay's folder. */
  folder: string;
}

/** The overlay that a path is in, or is the folder of; `undefined` for a path outside of all overlays. */
export function overlayOfPath(layout: Layout, path: string): OverlayPath | undefined {
  const shared = [...layout.templates, ...carrierTemplates(layout)].map((template) => ({ template, app: '' }));
  for (const { template, app: owner } of [...ownTemplates(layout), ...shared]) {
    const { match, environment } = matchOf(layout, template, path);
    const { app = owner } = match?.groups ?? {};
    const isNone = template.startsWith('{app}/') && !canBeTopApp(app);
    // Beside the folders of apps there are files: the environment's own kustomization.
    const isBeside = !isFile(template) && isManifestPath(app);
    if (match !== null && environment !== undefined && isEnvironment(layout, environment) && !isBeside && !isNone) {
      return { environment, app, folder: match[0].replace(/\/$/, '') };
    }
  }
  return undefined;
}

/** How a path fits to a template, and the environment that it is then of. */
function matchOf(
  { places }: Layout,
  template: string,
  path: string,
): { match: RegExpExecArray | null; environment: string | undefined } {
  const placed = places?.get(template);
  if (placed === undefined) {
    const match = overlayPattern(template).exec(path);
    return { match, environment: match?.groups?.environment };
  }
  for (const [environment, place] of placed) {
    const match = overlayPattern(place).exec(path);
    if (match !== null) {
      return { match, environment };
    }
  }
  return { match: null, environment: undefined };
}

/** A pattern for the folder of an overlay and the paths in it, with the named groups `environment` and `app`. */
export function overlayPattern(template: string): RegExp {
  let seen = '';
  const parts = template.split(/(\{environment\}|\{app\})/).map((part) => {
    const name = /^\{(.*)\}$/.exec(part)?.[1];
    if (name === undefined) {
      return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    }
    const isRepeated = seen.includes(`<${name}>`);
    seen += `<${name}>`;
    return isRepeated ? `\\k<${name}>` : `(?<${name}>[^/]+)`;
  });
  return new RegExp(`^${parts.join('')}(?=/|$)`);
}
