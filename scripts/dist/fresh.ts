import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { reaches } from './reach.js';
import { changedPaths, type Hashes, readStamp, takeStamp, whyStale } from './stamp.js';
import { runTool } from './tool.js';

const LOOK_AGAIN_MS = 300;

export interface Run {
  /** Absolute paths of the test files that are about to run. */
  tests: readonly string[];
  /** Somebody edits and looks on: what cannot be built waits for the next edit. */
  watched: boolean;
}

/**
 * Sees to it that tests run the bundles that the sources make. On a developer's machine a stale `dist` is built again; in
 * CI it is compared, and a difference is an error, for what is committed is what users get. Tests that start no bundle need
 * no `dist`, so for them nothing is done.
 *
 * @throws Error when it cannot be built, or is not what the sources make
 */
export async function freshDist(root: string, { tests, watched }: Run): Promise<void> {
  if (!(await reaches(tests, join(root, 'src', 'main.ts')))) {
    return;
  }
  for (;;) {
    const now = await takeStamp(root);
    if (whyStale(await readStamp(root), now) === undefined || (await isBuilt(root))) {
      return;
    }
    // To throw would end watch mode: it takes the run for one that still goes on, and starts no other.
    if (!watched) {
      throw new Error('No test was run: the bundles in dist are not those of the sources. The reason stands above.');
    }
    process.stderr.write('No test was run. Waiting for a change …\n');
    await changeOf(root, now.inputs);
  }
}

/** In a process of its own: in watch mode, this one still has the sources as they were. */
async function isBuilt(root: string): Promise<boolean> {
  const how = process.env.CI === 'true' ? '--check' : '--if-stale';
  try {
    await runTool(join(root, 'node_modules', '.bin', 'tsx'), ['scripts/build.ts', how], root);
    return true;
  } catch {
    return false;
  }
}

async function changeOf(root: string, inputs: Hashes): Promise<void> {
  do {
    await wait(LOOK_AGAIN_MS);
  } while (changedPaths(inputs, (await takeStamp(root)).inputs).length === 0);
}
