import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a process needs to find a build engine. */
export interface EngineEnvironment {
  /** Folders to put before `PATH`. */
  path: string[];
  env: Record<string, string>;
  /** What to tell people when it is not a real engine. */
  announced?: string;
}

/**
 * The engine of this machine: docker with buildx and a daemon that answers, or buildah; where neither works, the
 * stand-in.
 */
export async function engineEnvironment(env: NodeJS.ProcessEnv = process.env): Promise<EngineEnvironment> {
  const docker = await Promise.all([works('docker', ['buildx', 'version'], env), works('docker', ['info'], env)]);
  if (docker.every(Boolean) || (await works('buildah', ['info'], env))) {
    return { path: [], env: {} };
  }
  return standInEnvironment();
}

/** The stand-in, whatever the machine has. */
export function standInEnvironment(): EngineEnvironment {
  return {
    path: [join(import.meta.dirname, 'bin')],
    env: { OSTACK_STAND_IN_NODE: process.execPath },
    announced: 'No build engine here: a stand-in makes one-layer images of the build contexts.',
  };
}

async function works(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    await run(command, args, { env, timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}
