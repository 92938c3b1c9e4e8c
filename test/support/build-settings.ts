import type { BuildSettings } from '../../src/images/plan.js';

/** Settings of a plain build in a folder, but for what a test says. */
export function buildSettings(root: string, change: Partial<BuildSettings> = {}): BuildSettings {
  return {
    root,
    space: 'release',
    source: '',
    revision: 'a'.repeat(40),
    createdAt: 1,
    platforms: [],
    buildArgs: {},
    secrets: [],
    cache: 'none',
    provenance: false,
    sbom: false,
    push: true,
    ...change,
  };
}
