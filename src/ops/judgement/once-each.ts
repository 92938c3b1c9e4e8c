/** Results that are kept: those of all files of a large repository. */
const MOST = 60_000;

/**
 * A function of a file that is worked out once for each path and text: of many pull requests, nearly all files are the same.
 * What it throws is not kept.
 */
export function onceEach<T>(work: (path: string, text: string) => T): (path: string, text: string) => T {
  const known = new Map<string, Map<string, T>>();
  let count = 0;
  return (path, text) => {
    const own = known.get(path) ?? new Map<string, T>();
    const found = own.get(text);
    if (found !== undefined || own.has(text)) {
      return found ?? work(path, text);
    }
    const result = work(path, text);
    if (count++ >= MOST) {
      known.clear();
      count = 0;
    }
    own.set(text, result);
    known.set(path, own);
    return result;
  };
}
