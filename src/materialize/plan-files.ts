/** Ids of files by path. */
export type Ids = ReadonlyMap<string, string>;

/** What is to be done in a folder, and what somebody else did there. Paths are in the folder. */
export interface FilePlan {
  added: string[];
  changed: string[];
  removed: string[];
  /** Written before, and otherwise now. */
  edited: string[];
  /** Written before, still wanted, and gone. */
  missing: string[];
  /** Where a file has to go that is there already, and was not written. */
  inTheWay: string[];
}

/**
 * Compares what is in a folder with what was written there and with what it is to hold. What was not written before is left alone.
 *
 * @param found what is there; more than what is asked for changes nothing
 * @param written what was written before
 * @param wanted what it is to hold
 */
export function planFiles(found: Ids, written: Ids, wanted: Ids): FilePlan {
  const plan: FilePlan = { added: [], changed: [], removed: [], edited: [], missing: [], inTheWay: [] };
  for (const path of new Set([...wanted.keys(), ...written.keys()])) {
    const [there, known, wish] = [found.get(path), written.get(path), wanted.get(path)];
    if (known !== undefined && there !== undefined && there !== known && there !== wish) {
      plan.edited.push(path);
    }
    if (known !== undefined && there === undefined && wish !== undefined) {
      plan.missing.push(path);
    }
    if (wish === undefined) {
      plan.removed.push(...(there === undefined ? [] : [path]));
    } else if (there === undefined) {
      plan.added.push(path);
    } else if (there !== wish) {
      (known === undefined ? plan.inTheWay : plan.changed).push(path);
    }
  }
  return plan;
}
