/** What is named in an extended header; NUL ends a name for some programs. */
const NAMES = new Set(['path', 'linkpath']);

/** No control character, of which some programs take one for the end. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const KEY = /^[^\x00-\x1f\x7f=]+$/;

/**
 * Whether all programs read an extended header alike: records that say their own length in plain digits, each key once, to the last
 * byte. Some stop at the first record that is written otherwise, and others go on behind it.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_03
 */
export function isPlainExtendedHeader(header: Buffer): boolean {
  const text = header.toString('latin1');
  const seen = new Set<string>();
  for (let at = 0; at < text.length; ) {
    const digits = text.slice(at, text.indexOf(' ', at));
    const length = /^[1-9]\d{0,6}$/.test(digits) ? Number(digits) : 0;
    const record = text.slice(at, at + length);
    const equals = record.indexOf('=');
    const [key, value] = [record.slice(digits.length + 1, equals), record.slice(equals + 1, -1)];
    const isWhole = record.length === length && record.endsWith('\n') && equals > digits.length;
    const isName = NAMES.has(key) && (value === '' || value.includes('\0'));
    if (length === 0 || !isWhole || !KEY.test(key) || seen.has(key) || isName) {
      return false;
    }
    seen.add(key);
    at += length;
  }
  return true;
}
