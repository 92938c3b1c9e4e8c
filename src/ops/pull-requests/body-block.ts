/** GitHub takes no longer text of a pull request. Counted in bytes here, which is never less than its characters. */
export const BODY_LIMIT = 65_536;

/**
 * Puts our block into the text of a pull request: instead of the one that is there, else at the end. What people
 * wrote around it stays.
 *
 * @param verb whose block it is: `bump`, `promote`…
 * @param key what the block is about (version and digests), so that a later run sees whether it is up to date
 */
export function withBlock(verb: string, body: string, key: string, content: string): string {
  const block = `<!-- ostack:${verb} ${encodeURIComponent(key)} -->\n${content}\n<!-- /ostack:${verb} -->`;
  const found = findBlock(verb, body);
  if (found === undefined) {
    return body.trim() === '' ? block : `${body.trimEnd()}\n\n${block}`;
  }
  return `${body.slice(0, found.start)}${block}${body.slice(found.end)}`;
}

/** The same, with the block before everything else where there is none yet. */
export function withFirstBlock(verb: string, body: string, key: string, content: string): string {
  return findBlock(verb, body) === undefined
    ? `${withBlock(verb, '', key, content)}\n\n${body}`.trimEnd()
    : withBlock(verb, body, key, content);
}

/** The text without the block; what people wrote around it stays. */
export function withoutBlock(verb: string, body: string): string {
  const found = findBlock(verb, body);
  return found === undefined ? body : `${body.slice(0, found.start)}${body.slice(found.end)}`.trim();
}

/** The key of the block in a pull request's text, `undefined` where there is none. */
export function blockKey(verb: string, body: string): string | undefined {
  const key = findBlock(verb, body)?.key;
  try {
    return key === undefined ? undefined : decodeURIComponent(key);
  } catch {
    return undefined;
  }
}

/** Bytes of the text that people wrote around the block. */
export function bytesAround(verb: string, body: string): number {
  const found = findBlock(verb, body);
  const around = found === undefined ? body : body.slice(0, found.start) + body.slice(found.end);
  return Buffer.byteLength(around);
}

/** From the first opening mark to its closing one; an opening mark alone is no block. */
function findBlock(verb: string, body: string): { start: number; end: number; key: string } | undefined {
  const open = new RegExp(`<!-- ostack:${verb}(?: ([^\\s>]*))? -->`).exec(body);
  if (open === null) {
    return undefined;
  }
  const close = `<!-- /ostack:${verb} -->`;
  const end = body.indexOf(close, open.index);
  return end === -1 ? undefined : { start: open.index, end: end + close.length, key: open[1] ?? '' };
}
