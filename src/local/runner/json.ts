/** A JSON value, as GitHub's expressions know them. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/** Whether a value is a JSON object (no list, no null). */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path of keys, or `undefined` where any step of it is missing. */
export function at(value: Json | undefined, ...path: string[]): Json | undefined {
  let here: Json | undefined = value;
  for (const key of path) {
    here = isObject(here) ? here[key] : undefined;
  }
  return here;
}

/** The text at a path of keys; anything else than text is `undefined`. */
export function textAt(value: Json | undefined, ...path: string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** Converts a value to JSON and back, so that contexts hold copies and no live objects. */
export function toJson(value: unknown): Json {
  const parsed: Json = JSON.parse(JSON.stringify(value ?? null));
  return parsed;
}
