import * as v from 'valibot';
import { packed, unpacked } from '../../runtime/packed.js';

/**
 * A value as a line of Markdown that is not shown. Nothing in base64 ends a comment.
 *
 * @param mark begins the line: `<!-- ostack:plan `
 */
export function hiddenJson(mark: string, value: unknown): string {
  return `${mark}${Buffer.from(packed(value)).toString('base64')} -->`;
}

/** The value that a text has in its last such line; nothing where it has none, or another one. */
export function readHiddenJson<S extends v.GenericSchema>(
  mark: string,
  markdown: string,
  schema: S,
): v.InferOutput<S> | undefined {
  const start = markdown.lastIndexOf(mark);
  const end = markdown.indexOf(' -->', start);
  if (start < 0 || end < 0) {
    return undefined;
  }
  try {
    const json = Buffer.from(markdown.slice(start + mark.length, end), 'base64').toString('utf8');
    const parsed = v.safeParse(schema, JSON.parse(unpacked(json)));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
