import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build, type Metafile } from 'esbuild';

/**
 * Libraries that stay as they are: they are old modules that ask Node.js for others as they run, and only ncc knows how to
 * follow that.
 */
const LEFT_TO_NCC = ['sax', 'yaml'];

/**
 * Takes from all files, and from libraries, what is used, and joins what is always loaded together. ncc keeps a module whole
 * and by itself: of valibot a third is used, of ciphers three.
 *
 * @param folder of the compiled files, with `main.js` in it
 * @param out where to write as many files as there are sets of imports that load the same; each is named after the first
 *   source in it, so that an edit gives no other one another name
 * @param aliases names of packages to the files that stand for them
 */
export async function shake(folder: string, out: string, aliases: Readonly<Record<string, string>>): Promise<void> {
  const { outputFiles, metafile } = await build({
    ...{ entryPoints: ['main.js'], absWorkingDir: folder, outdir: out, write: false, metafile: true },
    ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20' },
    ...{ external: LEFT_TO_NCC, alias: { ...aliases }, minifySyntax: true, logLevel: 'warning' },
  });
  const names = namesOf(metafile);
  await mkdir(out, { recursive: true });
  for (const { path, text } of outputFiles) {
    const name = names.get(relative(folder, path)) ?? relative(out, path);
    const renamed = text.replace(/(?<=")\.\/([\w.-]+-[0-9A-Z]{8}\.js)(?=")/g, (written, file: string) => {
      const other = names.get(relative(folder, join(dirname(path), file)));
      return other === undefined ? written : `./${other}`;
    });
    await writeFile(join(out, name), renamed);
  }
}

/** A name for each file that esbuild names after its content. */
function namesOf({ outputs }: Metafile): Map<string, string> {
  const made = Object.entries(outputs).filter(([path]) => /-[0-9A-Z]{8}\.js$/.test(path));
  return new Map(
    made.map(([path, { inputs, entryPoint }]) => {
      const [first = path] = entryPoint === undefined ? Object.keys(inputs).sort() : [entryPoint];
      return [
        path,
        `${first
          .replace(/^.*node_modules\//, 'npm-')
          .replace(/\.js$/, '')
          .replace(/[^\w-]+/g, '-')}.js`,
      ];
    }),
  );
}
