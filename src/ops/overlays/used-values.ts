import { posix } from 'node:path';
import type { OverlayFile } from '../carriers/overlay-file.js';
import type { Layout } from './layout.js';

/** Whether a file is one of Helm values by its name. */
export function isValuesFile(name: string): boolean {
  return /^values.*\.ya?ml$/.test(name);
}

/** A word in the name of a values file that says that nobody uses it. */
const LEFT =
  /(^|[-_.])(old|orig|bak|back-?up|copy|save|unused|disabled|deprecated|example|sample|template)\d*([-_.]|$)/i;

/**
 * Which values files in a folder without kustomization may be used: those that objects name where they name some, and the one
 * that its chart has by itself. Where no object names any, all but those whose names say that they are left over.
 *
 * @param names of the files in the folder
 */
export function usedValues(
  { deployedBy = [] }: Pick<Layout, 'deployedBy'>,
  folder: string,
  names: readonly string[],
): (name: string) => boolean {
  const told = deployedBy.flatMap(({ values }) => values).filter((path) => posix.dirname(path) === folder);
  const isOfChart = (name: string) => /^values\.ya?ml$/.test(name) && names.includes('Chart.yaml');
  return (name) => {
    const isTold = told.includes(posix.join(folder, name)) || isOfChart(name);
    return !isValuesFile(name) || isTold || (told.length === 0 && !LEFT.test(name));
  };
}

/**
 * The values files beside a kustomization that something uses: an object names them, or the kustomization or a file that it takes
 * in does, or they are those of a chart beside it. What nothing uses says no version.
 *
 * @param taken the kustomization, and what it takes in from the folder
 */
export function usedBeside(
  { deployedBy = [] }: Pick<Layout, 'deployedBy'>,
  names: readonly string[],
  taken: readonly OverlayFile[],
  values: readonly OverlayFile[],
): OverlayFile[] {
  const told = new Set(deployedBy.flatMap((object) => object.values));
  const known = new Set(taken.map(({ path }) => path));
  return values.filter(({ path }) => {
    const name = posix.basename(path);
    const isOfChart = /^values\.ya?ml$/.test(name) && names.includes('Chart.yaml');
    return !known.has(path) && (told.has(path) || isOfChart || taken.some((file) => mentions(file, name)));
  });
}

/** Whether a file names another one, in something else than a comment. */
function mentions({ text }: OverlayFile, name: string): boolean {
  const word = new RegExp(`(^|[\\s/"'=,\\[])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}($|[\\s"',\\]])`);
  return text.split('\n').some((line) => word.test(line.replace(/(^|\s)#.*$/, '')));
}
