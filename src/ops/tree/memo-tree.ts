import type { TreeReader } from './tree-reader.js';

/** A reader that asks another one only once for each path. A failed request is made again. */
export function memoTree(source: TreeReader): TreeReader {
  const [read, list] = [once((path) => source.read(path)), once((path) => source.list(path))];
  return { read, list };
}

/** Memoizes a function by its argument, except where it rejects. */
function once<T>(work: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (key) => {
    const known = answers.get(key);
    if (known !== undefined) {
      return known;
    }
    const answer = work(key);
    answers.set(key, answer);
    answer.catch(() => answers.delete(key));
    return answer;
  };
}
