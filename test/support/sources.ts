import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const SOURCES = join(import.meta.dirname, '../../src');

/** A file of `src`, by its path there: `ops/yaml/parse.ts`. */
export interface SourceFile {
  file: string;
  text: string;
}

/** The TypeScript of `src`, without what is left out. */
export async function sourceFiles(leftOut: RegExp): Promise<SourceFile[]> {
  const files = (await readdir(SOURCES, { recursive: true })).filter(
    (file) => file.endsWith('.ts') && !leftOut.test(file),
  );
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(join(SOURCES, file), 'utf8') })));
}
