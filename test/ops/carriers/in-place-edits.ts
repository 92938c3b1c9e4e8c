import { deepStrictEqual, strictEqual } from 'node:assert';
import fc from 'fast-check';
import type { Target } from '../../../src/ops/carriers/carrier.js';
import { findCarriers } from '../../../src/ops/carriers/find-carriers.js';
import { setVersions } from '../../../src/ops/carriers/set-version.js';
import { meaning, opened, read } from '../yaml/generate/tree.js';
import { files, type Generated } from './generate/files.js';

/** Sets the version in a file and checks everything that this must and must not change. */
export function checkFile({ world, text, documents, pattern }: Generated): void {
  if (!isValid(text)) {
    // A tab where the library takes it for indentation, which YAML allows: refused before anything changes.
    return;
  }
  const targets: Target[] = [world.image, world.base, world.chart];
  if (!findCarriers({ path: 'k.yaml', text }, targets).some((carrier) => carrier.certain)) {
    return;
  }
  const set = (content: string, to: Target[]) =>
    setVersions([{ path: 'k.yaml', text: content }], to, 'overlay').files[0]?.text ?? content;
  const after = set(text, targets);
  const found = read(after).map((value, index) => {
    const tree = documents[index];
    return tree === undefined ? value : opened(value, tree);
  });
  deepStrictEqual(found, documents.map(meaning));
  if (!pattern.test(after)) {
    // Says where it went wrong: the two files side by side.
    strictEqual(after, text, 'more than the meant bytes changed');
  }
  strictEqual(set(after, targets), after);
}

function isValid(content: string): boolean {
  try {
    read(content);
    return true;
  } catch {
    return false;
  }
}

/**
 * Checks many generated files.
 *
 * @throws Error with the seed that repeats it, and the plainest file found that fails
 */
export function checkManyFiles(numRuns: number, seed?: number): void {
  fc.assert(fc.property(files, checkFile), {
    numRuns,
    ...(seed === undefined ? {} : { seed }),
  });
}
