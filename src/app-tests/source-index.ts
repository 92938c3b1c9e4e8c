import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Most entries of a folder that are looked at. */
const MOST_ENTRIES = 50_000;

/** Folders without sources of the repository, or with copies of them. */
const NEVER = new Set(['.git', 'node_modules', '.venv']);
/** The same outside of `src`, where they are packages: `src/main/java/com/acme/build`. */
const BUILT = new Set(['vendor', 'target', 'build', 'bin', 'obj', 'out', 'dist']);

/** Where the declaration of a package stands, in bytes. */
const HEAD_BYTES = 8192;

/** The source files of an app that are known by a name and a package, not by a path. */
export interface SourceIndex {
  /** Absolute paths of the files of this name whose package is the given one. */
  find(name: string, packageName: string): Promise<string[]>;
}

/** Looks through a folder once, when the first file is asked for. @param folder absolute */
export function openSourceIndex(folder: string): SourceIndex {
  let listed: Promise<Map<string, string[]>> | undefined;
  return {
    async find(name, packageName) {
      listed ??= listSources(folder);
      const paths = (await listed).get(name) ?? [];
      const declared = await Promise.all(paths.map(packageOf));
      return paths.filter((_path, index) => declared[index] === packageName);
    },
  };
}

async function listSources(folder: string): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  const waiting = [{ at: folder, inSources: false }];
  let seen = 0;
  for (let next = waiting.shift(); next !== undefined && seen < MOST_ENTRIES; next = waiting.shift()) {
    const { at, inSources } = next;
    for (const entry of await readdir(at, { withFileTypes: true }).catch(() => [])) {
      seen += 1;
      const path = join(at, entry.name);
      if (entry.isDirectory() && !NEVER.has(entry.name) && (inSources || !BUILT.has(entry.name))) {
        waiting.push({ at: path, inSources: inSources || entry.name === 'src' });
      } else if (entry.isFile() && JVM_SOURCE.test(entry.name)) {
        const same = found.get(entry.name) ?? [];
        found.set(entry.name, same);
        same.push(path);
      }
    }
  }
  return found;
}

const JVM_SOURCE = /\.(?:java|kt|kts|groovy|scala)$/;

/** The package that a source declares, `''` for none: its folder need not say it, and for Kotlin often does not. */
async function packageOf(path: string): Promise<string> {
  const text = await readHead(path).catch(() => '');
  return /^[ \t]*package[ \t]+([\w.`]{1,300})/m.exec(text)?.[1]?.replaceAll('`', '') ?? '';
}

async function readHead(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
