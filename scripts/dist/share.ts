import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { minify } from '@swc/core';
import * as v from 'valibot';

/** Holds what several of the other files need. */
const SHARED = 'shared.index.js';

/** Stands before a module's function while it is minified: one that nobody holds would be left out. */
const HELD = 'exports.m=';

const chunkSchema = v.object({
  id: v.number(),
  ids: v.array(v.number()),
  modules: v.record(v.string(), v.function()),
});

interface Chunk extends Omit<v.InferOutput<typeof chunkSchema>, 'modules'> {
  path: string;
  isStrict: boolean;
  /** The source of each module's function by the module's id. */
  modules: ReadonlyMap<string, string>;
}

/**
 * Moves what ncc has put into several files into one of its own, which those load. Small modules it copies into each file
 * that needs them, six times some of them: they were a tenth of every download.
 *
 * @param folder with what ncc made, as CommonJS
 */
export async function share(folder: string): Promise<void> {
  const chunks = await readChunks(folder);
  const counts = new Map<string, number>();
  for (const id of chunks.flatMap(({ modules }) => [...modules.keys()])) {
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const shared = new Map<string, string>();
  for (const chunk of chunks) {
    const [own, others] = [new Map<string, string>(), new Map<string, string>()];
    for (const [id, source] of chunk.modules) {
      (counts.get(id) === 1 ? own : others).set(id, source);
    }
    for (const [id, source] of others) {
      shared.set(id, chunk.isStrict ? strict(source) : source);
    }
    await writeFile(chunk.path, textOf(chunk, own, others.size > 0));
  }
  // Without parentheses: most of these are not called by the action that runs, and V8 compiles what is in them at once.
  await writeFile(join(folder, SHARED), `module.exports = {${entries(shared, (source) => source)}};\n`);
}

async function readChunks(folder: string): Promise<Chunk[]> {
  const require = createRequire(join(folder, 'index.js'));
  const names = (await readdir(folder)).filter((name) => /^\d+\.index\.js$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const { modules, ...chunk } = v.parse(chunkSchema, require(path));
      const isStrict = (await readFile(path, 'utf8')).startsWith('"use strict"');
      const sources = Object.entries(modules).map(
        async ([id, module]) => [id, await short(module.toString())] as const,
      );
      return { ...chunk, path, isStrict, modules: new Map(await Promise.all(sources)) };
    }),
  );
}

/**
 * A module's function in fewer words. It is minified by itself and not with its file, because the minifier takes away the
 * parentheses that have V8 compile it at once.
 */
async function short(source: string): Promise<string> {
  const { code } = await minify(`${HELD}${source}`, {
    module: false,
    compress: { passes: 2, ecma: 2020 },
    mangle: true,
    format: { comments: false },
  });
  return code.slice(HELD.length).replace(/;$/, '');
}

/** A file that is strict as a whole has functions that do not say it. */
function strict(source: string): string {
  return source.replace('{', '{"use strict";');
}

function textOf({ isStrict, id, ids }: Chunk, own: ReadonlyMap<string, string>, hasShared: boolean): string {
  const head = `${isStrict ? '"use strict";\n' : ''}exports.id = ${id};\nexports.ids = ${JSON.stringify(ids)};\n`;
  const others = hasShared ? `...require('./${SHARED}'),\n` : '';
  return `${head}exports.modules = {${others}${entries(own, (source) => `(${source})`)}};\n`;
}

function entries(modules: ReadonlyMap<string, string>, write: (source: string) => string): string {
  return [...modules].map(([id, source]) => `${id}: ${write(source)}`).join(',\n');
}
