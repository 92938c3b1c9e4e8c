import * as v from 'valibot';

/**
 * Reads what a file of another tool says, as far as it is needed here.
 *
 * @param value parses the file's text
 * @returns `undefined` where it cannot be parsed or is of another shape: that tool will say so, better
 */
export function readData<S extends v.GenericSchema>(schema: S, value: () => unknown): v.InferOutput<S> | undefined {
  try {
    const parsed = v.safeParse(schema, value());
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
