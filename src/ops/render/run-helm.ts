import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isOnPath } from './run-kustomize.js';

const run = promisify(execFile);

/** Runs helm with these arguments in a folder. @throws Error with what helm said */
export type Helm = (args: readonly string[], folder: string) => Promise<string>;

/** For messages: that there is no helm. */
export const NO_HELM = 'there is no helm on the PATH.';

/**
 * Environment variables that helm may see: where its settings and cache are, and no token of ours. What `helm repo add` and
 * `helm registry login` wrote before is used.
 */
const ENVIRONMENT =
  /^(PATH|HOME|TMPDIR|TEMP|TMP|USERPROFILE|SYSTEMROOT|SSL_CERT_(FILE|DIR)|XDG_(CONFIG|CACHE|DATA)_HOME|HELM_(CACHE|CONFIG|DATA)_HOME|HELM_REPOSITORY_(CACHE|CONFIG)|HELM_REGISTRY_CONFIG|(https?|no|all)_proxy)$/i;

const TIMEOUT_MS = 120_000;
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** The helm of this machine; `undefined` where there is none. */
export async function findHelm(): Promise<Helm | undefined> {
  return (await isOnPath('helm')) ? runHelm : undefined;
}

async function runHelm(args: readonly string[], folder: string): Promise<string> {
  return (await helmSays(args, folder)).stdout;
}

/**
 * Runs the helm of this machine.
 *
 * @returns what it printed, its warnings apart
 * @throws Error with what it said where it fails
 */
export async function helmSays(args: readonly string[], folder: string): Promise<{ stdout: string; stderr: string }> {
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (ENVIRONMENT.test(name) ? [[name, value ?? '']] : [])),
  );
  try {
    return await run('helm', args, { env, cwd: folder, timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES });
  } catch (error) {
    throw new Error(reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) {
    return String(error);
  }
  if ('killed' in error && error.killed === true) {
    return `helm took more than ${TIMEOUT_MS / 1000} seconds`;
  }
  const said = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  return (said === '' ? String(error) : said).replace(/\s+/g, ' ').slice(0, 500);
}
