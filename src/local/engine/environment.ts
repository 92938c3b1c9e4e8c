import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleStandIn } from './bundle-stand-in.js';

const run = promisify(execFile);

/** The registry of most base images; any answer shows that it can be reached. */
const BASE_IMAGES = 'https://registry-1.docker.io/v2/';

/** What a process needs to find a build engine. */
export interface EngineEnvironment {
  /** Folders to put before `PATH`. */
  path: string[];
  env: Record<string, string>;
  /** A sentence for the log when it is the stand-in. */
  announced?: string;
}

/**
 * The engine of this machine: docker with buildx and a daemon that answers, or buildah. The stand-in where neither works,
 * and where it cannot get base images or (in Docker Desktop's virtual machine) cannot see this machine's registry.
 * `OSTACK_ENGINE` set to `real` or `stand-in` decides instead.
 */
export async function engineEnvironment(env: NodeJS.ProcessEnv = process.env): Promise<EngineEnvironment> {
  if (env.OSTACK_ENGINE === 'real') {
    return { path: [], env: {} };
  }
  if (env.OSTACK_ENGINE === 'stand-in') {
    return standInEnvironment();
  }
  const [buildx, daemon, buildah, baseImages] = await Promise.all([
    works('docker', ['buildx', 'version'], env),
    works('docker', ['info'], env),
    works('buildah', ['info'], env),
    answers(BASE_IMAGES),
  ]);
  if (!(buildx && daemon) && !buildah) {
    return standInEnvironment();
  }
  if (process.platform !== 'linux') {
    return standInEnvironment('The build engine here runs in a virtual machine, which does not see the local registry');
  }
  return baseImages ? { path: [], env: {} } : standInEnvironment('The build engine here cannot get base images');
}

/** The stand-in engine, without looking for a real one. @param reason start of the sentence for the log */
export async function standInEnvironment(reason = 'No build engine here'): Promise<EngineEnvironment> {
  return {
    path: [join(import.meta.dirname, 'bin')],
    env: { OSTACK_STAND_IN_NODE: process.execPath, OSTACK_STAND_IN: await bundleStandIn() },
    announced: `${reason}: a stand-in makes one-layer images of the build contexts.`,
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

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(3000) });
    await answer.body?.cancel();
    return true;
  } catch {
    return false;
  }
}
