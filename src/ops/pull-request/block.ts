const OPEN = /<!-- ostack:bump(?: ([^\s>]*))? -->/;
const CLOSE = '<!-- /ostack:bump -->';

/** GitHub takes no longer text of a pull request. Counted in bytes here, which is never less than its characters. */
export const BODY_LIMIT = 65_536;

/**
 * Puts our block into the text of a pull request: in the place of the one that is there, else at the end. What people
 * wrote around it stays.
 *
 * @param key what the block is about (version and digests), so that a later run sees whether it is up to date
 */
export function withBlock(body: string, key: string, content: string): string {
  const block = `<!-- ostack:bump ${encodeURIComponent(key)} -->\n${content}\n${CLOSE}`;
  const place = findBlock(body);
  if (place === undefined) {
    return body.trim() === '' ? block : `${body.trimEnd()}\n\n${block}`;
  }
  return `${body.slice(0, place.start)}${block}${body.slice(place.end)}`;
}

/** The key of the block in a pull request's text, `undefined` where there is none. */
export function blockKey(body: string): string | undefined {
  const key = findBlock(body)?.key;
  try {
    return key === undefined ? undefined : decodeURIComponent(key);
  } catch {
    return undefined;
  }
}

/** Bytes of the text that people wrote around the block. */
export function bytesAround(body: string): number {
  const place = findBlock(body);
  const around = place === undefined ? body : body.slice(0, place.start) + body.slice(place.end);
  return Buffer.byteLength(around);
}

/** From the first opening mark to its closing one; an opening mark alone is no block. */
function findBlock(body: string): { start: number; end: number; key: string } | undefined {
  const open = OPEN.exec(body);
  if (open === null) {
    return undefined;
  }
  const end = body.indexOf(CLOSE, open.index);
  return end === -1 ? undefined : { start: open.index, end: end + CLOSE.length, key: open[1] ?? '' };
}
