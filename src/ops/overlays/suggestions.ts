import { canBeEnvironment } from './environment-name.js';
import { OF_APPS, OF_ENVIRONMENTS } from './folder-words.js';
import type { Shapes } from './shapes.js';
import type { Sketch } from './sketch.js';
import { tellsShape } from './top-folders.js';
import { valuesFiles } from './values-files.js';

/** Names that a list of environments has at most. */
const NAMED = 8;

/** Contents for `ostack.yaml`, of which one may say where overlays are that nothing else tells. */
export function suggestionsOf(sketch: Sketch, { variants }: Pick<Shapes, 'variants'>): string[] {
  const names = [...new Set(variants.flatMap((each) => each.names))];
  if (names.length > 0) {
    return [environmentLines(names.slice(0, NAMED))];
  }
  const values = valuesPatterns(sketch);
  return (values.length > 0 ? values : guesses(sketch)).map((pattern) => overlayLines([pattern]));
}

/** Lines that name environments. */
export function environmentLines(names: readonly string[]): string {
  return ['environments:', ...names.map((name) => `  ${name}: {}`), ''].join('\n');
}

/** Lines that say where overlays are. */
export function overlayLines(patterns: readonly string[]): string {
  return ['overlays:', ...patterns.map((pattern) => `  - "${pattern}"`), ''].join('\n');
}

/** Patterns of files of Helm values that have names of environments which nothing knows. */
function valuesPatterns(sketch: Sketch): string[] {
  const found = sketch.known().flatMap((folder) => {
    const above = folder.split('/').slice(0, -1);
    const start = folder === '' ? '' : `${[...above, OF_APPS.has(folder) ? folder : '{app}'].join('/')}/`;
    return valuesFiles(sketch.files(folder))
      .filter(({ isCertain, names }) => isCertain && names.some(canBeEnvironment))
      .map(({ pattern }) => `${start}${pattern}`);
  });
  return [...new Set(found)].slice(0, 3);
}

function isLikely(top: string): boolean {
  return OF_APPS.has(top) || OF_ENVIRONMENTS.has(top);
}

/** Patterns that fit to the folders, whatever they are. */
function guesses(sketch: Sketch): string[] {
  const tops = sketch
    .folders('')
    .filter((top) => tellsShape(top) && (canBeEnvironment(top) || isLikely(top)))
    .filter((top) => sketch.folders(top).some(canBeEnvironment));
  return [...tops.filter(isLikely), ...tops.filter((top) => !isLikely(top))].slice(0, 1).flatMap((top) => {
    const inside = sketch.folders(top).map((name) => `${top}/${name}`);
    const isDeep = inside.some((folder) => sketch.folders(folder).length > 0);
    return isDeep ? [`${top}/{environment}/{app}`, `${top}/{app}/{environment}`] : [`${top}/{environment}`];
  });
}
