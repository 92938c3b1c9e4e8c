/**
 * Remembers what a plain object, array or map holds, and everything of these kinds that can be reached from it. Objects
 * of classes are left as they are: what they hold is their own matter.
 *
 * @returns puts everything back into the same objects, so that whoever has one of them sees it; can be called again
 */
export function remember(root: unknown): () => void {
  const seen = new Set<object>();
  const putBack: (() => void)[] = [];
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'object' && value !== null && !seen.has(value)) {
      seen.add(value);
      const content = contentOf(value);
      putBack.push(content.putBack);
      open.push(...content.held);
    }
  }
  return () => {
    for (const each of putBack) {
      each();
    }
  };
}

interface Content {
  held: unknown[];
  putBack: () => void;
}

function contentOf(value: object): Content {
  if (value instanceof Map) {
    const entries: [unknown, unknown][] = [...value];
    return {
      held: entries.map(([, held]) => held),
      putBack() {
        value.clear();
        for (const [key, held] of entries) {
          value.set(key, held);
        }
      },
    };
  }
  if (Array.isArray(value)) {
    const held: unknown[] = [...value];
    return { held, putBack: () => value.splice(0, value.length, ...held) };
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === Object.prototype || prototype === null;
  return isPlain ? contentOfObject(value) : { held: [], putBack() {} };
}

function contentOfObject(value: object): Content {
  const own = { ...value };
  return {
    held: Object.values(own),
    putBack() {
      for (const key of Object.keys(value).filter((name) => !Object.hasOwn(own, name))) {
        Reflect.deleteProperty(value, key);
      }
      Object.assign(value, own);
    },
  };
}
