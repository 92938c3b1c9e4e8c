import type { Layout } from '../overlays/layout.js';
import type { Sketch } from './sketch.js';

/** The folder of helmfiles that helmfile takes where the root has none. */
const FOLDER = 'helmfile.d';

/**
 * A layout with the helmfiles of the repository: the one at its root, or else those of `helmfile.d`, which takes one request.
 *
 * @param sketch knows the root
 * @throws what a failed request throws
 */
export async function withHelmfilesOf(sketch: Sketch, layout: Layout): Promise<Layout> {
  const root = sketch.files('').filter((name) => /^helmfile\.ya?ml(\.gotmpl)?$/.test(name));
  if (root.length === 0 && sketch.folders('').includes(FOLDER)) {
    await sketch.look([FOLDER]);
  }
  const inFolder = root.length > 0 ? [] : sketch.files(FOLDER).filter((name) => /\.ya?ml(\.gotmpl)?$/.test(name));
  const helmfiles = [...root, ...inFolder.map((name) => `${FOLDER}/${name}`)];
  return helmfiles.length === 0 ? layout : { ...layout, helmfiles };
}
