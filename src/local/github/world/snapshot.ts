/**
 * Takes a snapshot of the content of a plain object, array or map, and of all such values inside it. Instances of classes
 * are not looked into.
 *
 * @returns a function that restores the content in place, so that references to these values stay good; can be called
 *   any number of times
 */
export function takeSnapshot(root: unknown): () => void {
  const seen = new Set<object>();
  const restore: (() => void)[] = [];
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'object' && value !== null && !seen.has(value)) {
      seen.add(value);
      const content = contentOf(value);
      restore.push(content.restore);
      open.push(...content.held);
    }
  }
  return () => {
    for (const each of restore) {
      each();
    }
  };
}

interface Content {
  held: unknown[];
  restore: () => void;
}

function contentOf(value: object): Content {
  if (value instanceof Map) {
    const entries: [unknown, unknown][] = [...value];
    return {
      held: entries.map(([, held]) => held),
      restore() {
        value.clear();
        for (const [key, held] of entries) {
          value.set(key, held);
        }
      },
    };
  }
  if (Array.isArray(value)) {
    const held: unknown[] = [...value];
    return { held, restore: () => value.splice(0, value.length, ...held) };
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === Object.prototype || prototype === null;
  return isPlain ? contentOfObject(value) : { held: [], restore() {} };
}

function contentOfObject(value: object): Content {
  const own = { ...value };
  return {
    held: Object.values(own),
    restore() {
      for (const key of Object.keys(value).filter((name) => !Object.hasOwn(own, name))) {
        Reflect.deleteProperty(value, key);
      }
      Object.assign(value, own);
    },
  };
}
