import { isEnvironment } from './environment-name.js';
import type { Layout } from './layout.js';

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
  for (const template of layout.templates) {
    const match = overlayPattern(template).exec(path);
    const environment = match?.groups?.environment;
    if (match?.[0] !== undefined && environment !== undefined && isEnvironment(layout, environment)) {
      return {
        environment,
        app: match.groups?.app ?? '',
        folder: match[0].replace(/\/$/, ''),
      };
    }
  }
  return undefined;
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
