import { posix } from 'node:path';
import type { Roots } from './find-roots.js';
import { foldersOf } from './module-tree.js';

/** Most places that a sentence names. */
const MOST_PLACES = 3;

/**
 * What to do about plans that are never the same, for something of the root is made of the time of the plan.
 *
 * @param folder of the root; modules of the repository that it calls are looked through, too
 * @returns sentences, with the lines; empty where no file asks for that time
 */
export function planTimesAdvice({ tree, files }: Pick<Roots, 'tree' | 'files'>, folder: string): string {
  const folders = foldersOf(tree, folder);
  const places = [...files.texts].flatMap(([path, text]) =>
    folders.has(posix.dirname(path)) ? linesOf(text).map((line) => `${path}:${line}`) : [],
  );
  if (places.length === 0) {
    return '';
  }
  const named = places.slice(0, MOST_PLACES).join(', ');
  return `plantimestamp() in ${named}${places.length > MOST_PLACES ? ', …' : ''} is another time in each plan, and what is made of it (formatdate, …) another value. Where only that differs, take timestamp(), which a plan leaves open, with "lifecycle { ignore_changes = [the attribute] }", or time_static of hashicorp/time.`;
}

/** Lines that are no comment and call the function. */
function linesOf(text: string): number[] {
  return text
    .split('\n')
    .flatMap((line, index) => (/^(?!\s*(?:#|\/\/)).*\bplantimestamp\s*\(/.test(line) ? [index + 1] : []));
}
