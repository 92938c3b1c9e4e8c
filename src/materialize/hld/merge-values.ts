import { isNothing, type MapValue, type Value } from '../values.js';

/** What came of two levels of configuration. */
export interface Merged {
  value: MapValue;
  /** Where Fabrikate does otherwise, as sentences: lists that it would have joined. */
  notes: string[];
}

/**
 * Merges two levels of configuration: mappings key by key, and of all else the stronger one wins. Nothing (`key:`) beats
 * nothing. A list replaces a list, as in Helm: Fabrikate joins them, and there a weaker entry cannot be taken away.
 *
 * @param strong what wins
 * @throws Error naming both places where one has a mapping or a list and the other, weaker one a scalar, or one a mapping and
 *   the other a list
 */
export function mergeValues(strong: MapValue, weak: MapValue): Merged {
  const notes: string[] = [];
  return { value: mergeMaps(strong, weak, [], notes), notes };
}

function mergeMaps(strong: MapValue, weak: MapValue, path: readonly string[], notes: string[]): MapValue {
  const names = [...new Set([...strong.entries.keys(), ...weak.entries.keys()])];
  const entries = names.map((name) => {
    const merged = mergeEither(strong.entries.get(name), weak.entries.get(name), [...path, name], notes);
    return [name, merged] as const;
  });
  const quoted = new Set([...strong.quoted, ...weak.quoted]);
  return { kind: 'map', at: strong.at, entries: new Map(entries), quoted };
}

function mergeEither(
  strong: Value | undefined,
  weak: Value | undefined,
  path: readonly string[],
  notes: string[],
): Value {
  if (strong === undefined || weak === undefined) {
    const only = strong ?? weak;
    if (only === undefined) {
      throw new Error(`Neither level has ${path.join('.')}.`);
    }
    return only;
  }
  if (isNothing(strong) || isNothing(weak)) {
    return isNothing(strong) ? weak : strong;
  }
  if (strong.kind === 'map' && weak.kind === 'map') {
    return mergeMaps(strong, weak, path, notes);
  }
  if (strong.kind !== weak.kind && strong.kind !== 'scalar') {
    throw new Error(
      `${strong.at}: ${path.join('.')} is ${WORDS[strong.kind]}, and ${WORDS[weak.kind]} in ${weak.at}, which it would replace. Expected the same kind in both.`,
    );
  }
  if (strong.kind === 'list') {
    notes.push(
      `${strong.at}: the list ${path.join('.')} replaces the one of ${weak.at}, as in Helm. Fabrikate would have joined them.`,
    );
  }
  return strong;
}

const WORDS = { map: 'a mapping', list: 'a list', scalar: 'a single value' };
