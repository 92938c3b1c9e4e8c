import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findHelm, NO_HELM } from '../../ops/render/run-helm.js';
import { findKustomize, type Kustomize, NO_KUSTOMIZE } from '../../ops/render/run-kustomize.js';
import { capital } from '../../report/capital.js';

const run = promisify(execFile);

/** The machine's own tools, asked for once, with their versions. */
export class Tools {
  readonly #used = new Map<string, Promise<string>>();

  /** @throws Error where there is no helm */
  async helm(): Promise<void> {
    if (!this.#used.has('helm') && (await findHelm()) === undefined) {
      throw new Error(
        `${capital(NO_HELM)} A chart is rendered by the machine's own helm; GitHub's ubuntu runners have it.`,
      );
    }
    this.#ask('helm', ['version', '--short']);
  }

  /** @throws Error where there is no kustomize */
  async kustomize(): Promise<Kustomize> {
    const found = await findKustomize();
    if (found === undefined) {
      throw new Error(`${capital(NO_KUSTOMIZE)}.`);
    }
    // It is kustomize that makes the bytes, also the one that is in kubectl.
    this.#ask('kustomize', found.command === 'kubectl' ? ['version', '--client'] : ['version'], found.command);
    return found;
  }

  #ask(name: string, args: readonly string[], command = name): void {
    if (!this.#used.has(name)) {
      this.#used.set(name, versionOf(command, args));
    }
  }

  /** Versions by name, of what was used. */
  async versions(): Promise<Record<string, string>> {
    const all = [...this.#used].map(async ([name, version]) => [name, await version] as const);
    return Object.fromEntries((await Promise.all(all)).sort(([one], [other]) => (one < other ? -1 : 1)));
  }
}

async function versionOf(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(command, args, { timeout: 30_000 }).catch(() => ({ stdout: '' }));
  return versionIn(stdout);
}

/**
 * The last version in what a tool prints: kubectl tells its own first, then that of the kustomize in it. Else what it calls itself, as
 * Debian's kustomize is `(devel)`.
 */
export function versionIn(printed: string): string {
  const [first = ''] = printed.trim().split('\n');
  return printed.match(/\bv?\d+\.\d+\.\d+[\w.+-]*/g)?.at(-1) ?? (first === '' ? 'unknown' : first);
}
