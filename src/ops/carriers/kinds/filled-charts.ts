import type { YamlPath } from '../../yaml/path.js';
import { type MapValue, textAt, type YamlValue } from '../../yaml/values.js';
import { isTemplate } from '../chart-reference.js';
import type { ChartPlace } from './chart-place.js';

/** A set of values that a template is filled with, and where it is. */
export interface Filling {
  values: MapValue;
  path: YamlPath;
}

/**
 * The places of a template's charts whose version comes from the values that fill it: there the version is set.
 *
 * @param fields a pattern for one field, whose first group is its dotted name
 */
export function filledPlaces(
  template: readonly ChartPlace[],
  fillings: readonly Filling[],
  fields: RegExp,
): ChartPlace[] {
  const found = new Map<string, ChartPlace>();
  for (const place of template) {
    for (const filling of fillings) {
      const filled = filledPlace(place, filling, fields);
      if (filled !== undefined) {
        found.set(JSON.stringify([filled.path, filled.name]), filled);
      }
    }
  }
  return [...found.values()];
}

function filledPlace(place: ChartPlace, { values, path }: Filling, fields: RegExp): ChartPlace | undefined {
  const field = wholeField(place.version ?? '', fields);
  const keys = field === undefined ? undefined : keysOf(values, field);
  const value = keys && valueAt(values, keys);
  if (keys === undefined || value?.kind !== 'text') {
    return undefined;
  }
  const fill = (text: string | undefined) => filled(text, values, fields);
  const at = [...path, ...keys];
  return {
    ...{ name: fill(place.name), repository: fill(place.repository), release: fill(place.release) },
    ...{ path: at, line: value.line, version: value.text || undefined, key: keys.at(-1) ?? 'version' },
    edits: ({ version = '' }) => [{ path: at, value: version }],
    refusal: ({ name, version }) =>
      version === undefined
        ? `Chart ${name} is to be set to a digest, and this is the place of its version.`
        : undefined,
  };
}

/** The field that a text consists of. */
function wholeField(text: string, fields: RegExp): string | undefined {
  const match = new RegExp(`^(?:${fields.source})$`).exec(text.trim());
  return match?.[1];
}

/** A text with its fields filled in; `undefined` where something stays open. */
function filled(text: string | undefined, values: MapValue, fields: RegExp): string | undefined {
  const result = text?.replace(new RegExp(fields.source, 'g'), (whole, field: string) => {
    const keys = keysOf(values, field);
    const value = keys && valueAt(values, keys);
    return value?.kind === 'text' ? value.text : whole;
  });
  return result === undefined || isTemplate(result) ? undefined : result;
}

/** The keys of a dotted name: one key with dots in it, or several below one another. */
function keysOf(values: MapValue, field: string): string[] | undefined {
  if (textAt(values, field) !== undefined) {
    return [field];
  }
  const keys = field.split('.');
  return valueAt(values, keys) === undefined ? undefined : keys;
}

function valueAt(values: MapValue, keys: readonly string[]): YamlValue | undefined {
  return keys.reduce<YamlValue | undefined>(
    (value, key) => (value?.kind === 'map' ? value.entries.get(key) : undefined),
    values,
  );
}
