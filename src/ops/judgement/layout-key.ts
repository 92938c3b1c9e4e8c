import type { Layout } from '../overlays/layout.js';

/** A text that two layouts have in common only where they are the same: they are plain data, but for two maps. */
export function layoutKey({ apps = new Map(), places = new Map(), ...rest }: Layout): string {
  return JSON.stringify([rest, [...apps], [...places].map(([template, found]) => [template, [...found]])]);
}
