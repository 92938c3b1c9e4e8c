import * as v from 'valibot';
import { SOURCE } from './record.js';

/**
 * The file of an output folder that says which charts and remote bases its manifests are made of, for no manifest says a version of
 * these. It changes with them alone, so its history is theirs, also where a newer one comes to the same manifests.
 */
export const PARTS = '.ostack-remote-parts';

/** What a folder is made of. */
export interface RemoteParts {
  /** `owner/name@commit` that was rendered when these parts came. */
  source: string;
  /** Each with its version and the file that says it. */
  parts: readonly string[];
}

const schema = v.object({ source: v.pipe(v.string(), v.regex(SOURCE)), parts: v.array(v.string()) });

/** Reads the file. @returns `undefined` where it is not one of ours */
export function readParts(text: string): RemoteParts | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  return parsed.success ? parsed.output : undefined;
}

/**
 * The content of the file: what it was while the parts are the same, of the same repository.
 *
 * @param before its text, where that is as it was written; `undefined` to write it anew
 */
export function partsText({ source, parts }: RemoteParts, before: string | undefined): string {
  const textOf = (from: string) => `${JSON.stringify({ source: from, parts }, null, 2)}\n`;
  const known = readParts(before ?? '')?.source ?? '';
  const isSame = known.split('@')[0] === source.split('@')[0];
  return isSame && before === textOf(known) ? before : textOf(source);
}
