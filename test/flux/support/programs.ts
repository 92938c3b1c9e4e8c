import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/**
 * The folder of etcd, kube-apiserver, Flux' controllers and their definitions.
 *
 * @throws Error saying what builds them, where they are missing
 */
export function builtTools(): string {
  const given = process.env.OSTACK_FLUX_TOOLS ?? '';
  if (given !== '') {
    return given;
  }
  try {
    const find = [join(ROOT, '.ci', 'go-tools'), ['--find', join(ROOT, 'test', 'tools', 'flux')]] as const;
    return execFileSync(...find, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  } catch {
    throw new Error(
      'These tests take etcd, kube-apiserver and Flux’ controllers, which are not built on this machine. Run ' +
        '.ci/with-flux npm run test:flux: it builds them with Go 1.26 or newer, which takes a quarter of an hour, and finds them after that.',
    );
  }
}

/** Ports that are free now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/**
 * Runs a program until standard input ends, which it does with the process that started it, however that ends. After two seconds
 * it is killed.
 */
const HELD = `exec 3<&0
"$@" </dev/null 3<&- &
child=$!
(
  cat <&3 >/dev/null
  kill "$child"
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    kill -0 "$child" || exit
    sleep 0.2
  done
  kill -9 "$child"
) >/dev/null 2>&1 &
wait "$child"`;

/** A program that runs in the background, ended by its id. */
export class Program {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #isOver = false;

  constructor(
    readonly name: string,
    file: string,
    args: readonly string[],
    readonly log: string,
    env: NodeJS.ProcessEnv,
  ) {
    const output = openSync(log, 'a');
    this.#child = spawn('sh', ['-c', HELD, name, file, ...args], { stdio: ['pipe', output, output], env });
    closeSync(output);
    this.#ended = new Promise((resolve) => {
      const over = () => {
        this.#isOver = true;
        resolve();
      };
      this.#child.once('exit', over).once('error', over);
    });
  }

  /** @throws Error with the end of its log, where it has ended by itself */
  demandRunning(): void {
    if (this.#isOver) {
      throw new Error(`${this.name} has ended:\n${readFileSync(this.log, 'utf8').slice(-2000)}`);
    }
  }

  async stop(): Promise<void> {
    this.#child.stdin?.end();
    await this.#ended;
  }
}
