import { type MapValue, readValues } from '../yaml/values.js';
import { RECONCILERS } from './all.js';
import { hasShape } from './fields.js';
import type { FileObject, Reconciler } from './reconciler.js';

/** The reconciler that an object tells what to deploy; `undefined` where the object is of another kind. */
export function reconcilerOf(object: MapValue): Reconciler | undefined {
  return RECONCILERS.find((reconciler) => hasShape(object, reconciler.object));
}

/** The objects of a file; none where it is no valid YAML. */
export function objectsIn(text: string, file: string): FileObject[] {
  try {
    return readValues(text, file).flatMap((object) => (object.kind === 'map' ? [{ file, object }] : []));
  } catch {
    return []; // Whoever changes the file hears of it from the check; the cluster refuses it in any case.
  }
}
