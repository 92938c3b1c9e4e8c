import type { Layout } from './layout.js';

/** Which overlay a path belongs to. */
export interface OverlayPath {
  environment: string;
  /** Empty where the overlay is of all apps of a group. */
  app: string;
  /** Path of the overlay's folder. */
  folder: string;
}

/** Tells the overlay that a path is in, or is the folder of; `undefined` for a path outside all overlays. */
export function overlayOfPath(layout: Layout, path: string): OverlayPath | undefined {
  for (const template of layout.templates) {
    const match = overlayPattern(template).exec(path);
    if (match?.[0] !== undefined && match.groups?.environment !== undefined) {
      return {
        environment: match.groups.environment,
        app: match.groups.app ?? '',
        folder: match[0].replace(/\/$/, ''),
      };
    }
  }
  return undefined;
}

/** What matches the folder of an overlay, and the paths below it, with its environment and app as named groups. */
export function overlayPattern(template: string): RegExp {
  let seen = '';
  const parts = template.split(/(\{environment\}|\{app\})/).map((part) => {
    const name = /^\{(.*)\}$/.exec(part)?.[1];
    if (name === undefined) {
      return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    }
    const again = seen.includes(`<${name}>`);
    seen += `<${name}>`;
    return again ? `\\k<${name}>` : `(?<${name}>[^/]+)`;
  });
  return new RegExp(`^${parts.join('')}(?=/|$)`);
}
