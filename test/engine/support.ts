/** A real registry and the real engine of `.ci/with-engine`. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** `ada` with the password `right`. */
const HTPASSWD = 'ada:$2b$05$abcdefghijklmnopqrstuu8xaCxxL82bnl.UY74PMksDxIJShppPC\n';

export interface RealRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  address: string;
}

/** Starts docker-registry on a free port; `login` makes it ask for one. */
export async function startRealRegistry({ login = false } = {}): Promise<RealRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'ostack-registry-'));
  await writeFile(join(folder, 'htpasswd'), HTPASSWD);
  const config = {
    version: '0.1',
    log: { level: 'info', formatter: 'json', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
    http: { addr: '127.0.0.1:0' },
    ...(login && { auth: { htpasswd: { realm: 'test', path: join(folder, 'htpasswd') } } }),
  };
  await writeFile(join(folder, 'config.yml'), JSON.stringify(config));
  const child = spawn('docker-registry', ['serve', join(folder, 'config.yml')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const address = await readAddress(child);
  return {
    address,
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function readAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.once('error', reject);
    child.once('close', () => reject(new Error(`docker-registry ended: ${log}`)));
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      log += chunk;
      const address = /listening on (127\.0\.0\.1:\d+)/.exec(log)?.[1];
      if (address !== undefined) {
        resolve(address);
      }
    });
  });
}

/** What a process needs to reach the engine; the rest of a bundle's environment stays clean. */
export function engineVariables(): Record<string, string> {
  const names = ['DOCKER_HOST', 'DOCKER_CONFIG', 'CONTAINERS_STORAGE_CONF', 'BUILDAH_ISOLATION'];
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']));
}

/** Runs a command of the engine and gives what it prints. */
export async function engine(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await execute(command, args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** A manifest or a blob as the registry has it, as JSON. */
export async function fromRegistry(address: string, path: string): Promise<unknown> {
  const accept = 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json';
  const answer = await fetch(`http://${address}/v2/${path}`, { headers: { Accept: accept } });
  return answer.json();
}
