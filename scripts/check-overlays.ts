/**
 * Builds every overlay of the sample ops repository, with `kustomize` or else `kubectl kustomize`. A machine that has
 * neither cannot check them, and says so.
 */
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const fixtures = join(import.meta.dirname, '..', 'test', 'fixtures');

/** The commands that build a kustomization whose folder comes as the last argument, best first. */
const builders = [
  { program: 'kustomize', args: ['build'], probe: ['version'] },
  { program: 'kubectl', args: ['kustomize'], probe: ['version', '--client'] },
];

async function findBuilder(): Promise<(typeof builders)[number] | undefined> {
  for (const builder of builders) {
    if (
      await run(builder.program, builder.probe).then(
        () => true,
        () => false,
      )
    ) {
      return builder;
    }
  }
  return undefined;
}

/** Every folder with a kustomization that someone applies: overlays in ops, and `deploy` in apps. */
async function findKustomizations(): Promise<string[]> {
  const files = await readdir(fixtures, { recursive: true, withFileTypes: true });
  return files
    .filter(
      (file) => file.name === 'kustomization.yaml' && !file.parentPath.includes(`${join(fixtures, 'ops', 'bases')}/`),
    )
    .map((file) => file.parentPath);
}

const builder = await findBuilder();
if (builder === undefined) {
  console.log('Not checked: there is neither kustomize nor kubectl on this machine.');
} else {
  for (const folder of await findKustomizations()) {
    try {
      await run(builder.program, [...builder.args, folder]);
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    }
  }
}
