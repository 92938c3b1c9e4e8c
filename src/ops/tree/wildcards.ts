/**
 * Whether a text fits a pattern in which `*` stands for any characters, also for none and for `/`. Pattern and text may come
 * from anybody: it takes no longer than the two are long multiplied, where a regular expression with many `.*` hangs.
 */
export function fitsWildcards(pattern: string, text: string): boolean {
  const [first = '', ...others] = pattern.split(/\*+/);
  const last = others.pop();
  if (last === undefined) {
    return text === first;
  }
  if (!text.startsWith(first) || !text.endsWith(last)) {
    return false;
  }
  let end = first.length;
  for (const part of others) {
    const start = text.indexOf(part, end);
    if (start < 0) {
      return false;
    }
    end = start + part.length;
  }
  return end <= text.length - last.length;
}
