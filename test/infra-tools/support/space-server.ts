import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openSpace, type Space } from '../../../src/infra/space/space.js';
import { parseSpaceAddress } from '../../../src/infra/space/space-address.js';
import { need } from './need.js';

const KEYS = { accessKey: 'ostack-test', secretKey: 'a-secret-of-the-tests' };
const BUCKET = 'acme-infra';
const STEP_MS = 50;
const START_MS = 20_000;

/** A real S3 server (versitygw) on a free port, with one bucket whose objects are files. */
export class SpaceServer implements AsyncDisposable {
  readonly keys = KEYS;
  readonly bucket = BUCKET;
  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
    /** `http://127.0.0.1:PORT`. */
    readonly endpoint: string,
  ) {}

  static async start(): Promise<SpaceServer> {
    await need('versitygw');
    const folder = await mkdtemp(join(tmpdir(), 'ostack-space-'));
    await mkdir(join(folder, 'objects', BUCKET), { recursive: true });
    const port = await freePort();
    // Attributes of files are not on every file system: they have a folder of their own.
    await mkdir(join(folder, 'attributes'));
    const args = [
      '--port',
      `127.0.0.1:${port}`,
      '--quiet',
      'posix',
      '--sidecar',
      join(folder, 'attributes'),
      join(folder, 'objects'),
    ];
    const env = { PATH: process.env.PATH ?? '', ROOT_ACCESS_KEY: KEYS.accessKey, ROOT_SECRET_KEY: KEYS.secretKey };
    const child = spawn('versitygw', args, { env, stdio: 'ignore' });
    const server = new SpaceServer(folder, child, `http://127.0.0.1:${port}`);
    for (let waited = 0; waited < START_MS; waited += STEP_MS) {
      if (
        await fetch(server.endpoint).then(
          () => true,
          () => false,
        )
      ) {
        return server;
      }
      await wait(STEP_MS);
    }
    await server[Symbol.asyncDispose]();
    throw new Error(`versitygw does not answer at ${server.endpoint}.`);
  }

  get url(): string {
    return `${this.endpoint}/${BUCKET}`;
  }

  get space(): Space {
    return openSpace(parseSpaceAddress(this.url), KEYS, [0]);
  }

  /** Where an object lies as a file. */
  pathOf(key: string): string {
    return join(this.folder, 'objects', BUCKET, key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null) {
      this.child.kill();
      await once(this.child, 'exit');
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A port that is free now. Another program could take it before the server does, which then fails and says so. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') {
    throw new Error('There is no free port.');
  }
  return address.port;
}
