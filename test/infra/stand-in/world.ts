import { readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import * as v from 'valibot';
import { newIdentity } from '../../../src/infra/space/age-keys.js';
import { data, merged, rootWith } from '../../infra-tools/support/applies.js';
import { type InfraPullRequest, InfraRepository } from '../../infra-tools/support/infra-repository.js';
import { FakeSpace, KEYS } from '../space/fake-space.js';

/** The age keys of all worlds. */
export const AGE = newIdentity();

const cloudSchema = v.array(v.object({ address: v.string(), input: v.string() }));

/** What goes wrong with the next apply of a root: see `tofu.cjs`. */
type Trouble = 'killed' | 'failed' | 'half' | 'unwritten';

/** An infra repository whose tool is a stand-in, and whose plans are kept in a stand-in for a space. */
export class StandInWorld implements AsyncDisposable {
  private constructor(
    readonly infra: InfraRepository,
    readonly space: FakeSpace,
  ) {}

  /** @param roots inputs of things by their names, by root */
  static async of(roots: Record<string, Record<string, string>>): Promise<StandInWorld> {
    const path = [join(import.meta.dirname, 'bin'), process.env.PATH ?? ''].join(delimiter);
    const infra = await InfraRepository.of(() => ({ 'README.md': 'x' }), { path, permissions: { contents: 'write' } });
    const world = new StandInWorld(infra, await FakeSpace.start());
    const files = Object.entries(roots).map(([root, things]): [string, string] => world.rootFile(root, things));
    await infra.repository.commit('main', Object.fromEntries(files), 'feat: roots');
    return world;
  }

  /** The file of a root that has these things. */
  rootFile(root: string, things: Record<string, string>): [path: string, text: string] {
    return [
      `${root}/main.tf`,
      rootWith(this.infra, root, ...Object.entries(things).map(([name, input]) => data(name, input))),
    ];
  }

  /** Inputs of a plan. */
  get planInputs(): Record<string, string> {
    const { accessKey, secretKey, sessionToken } = KEYS;
    const keys = { 'access-key': accessKey, 'secret-key': secretKey, 'session-token': sessionToken };
    return { space: this.space.url, ...keys, recipients: AGE.recipient };
  }

  /** Inputs of an apply. */
  get applyInputs(): Record<string, string> {
    return { ...this.planInputs, identity: AGE.identity };
  }

  /** Proposes what a root has, plans it, and merges it. */
  change(
    branch: string,
    roots: Record<string, Record<string, string>>,
  ): Promise<{ pull: InfraPullRequest; pushed: { before: string; after: string } }> {
    const files = Object.entries(roots).map(([root, things]) => this.rootFile(root, things));
    return merged(this.infra, branch, Object.fromEntries(files), this.planInputs);
  }

  /** What there is of a root, each as `address = input`: a thing that was made twice is there twice. */
  async madeOf(root: string): Promise<string[]> {
    const text = await readFile(join(this.infra.states, `${root}.cloud`), 'utf8').catch(() => '[]');
    return v.parse(cloudSchema, JSON.parse(text)).map(({ address, input }) => `${address} = ${input}`);
  }

  /** Lets something go wrong with the next apply of a root. */
  async trouble(root: string, trouble: Trouble): Promise<void> {
    await writeFile(join(this.infra.states, `${root}.trouble`), trouble);
  }

  /** Holds the lock of a root's state. */
  async lock(root: string, { id, who }: { id: string; who: string }): Promise<void> {
    const lines = ['Lock Info:', `  ID: ${id}`, `  Who: ${who}`, '  Created: 2026-11-30 10:00', ''];
    await writeFile(join(this.infra.states, `${root}.lock`), lines.join('\n'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.infra[Symbol.asyncDispose]();
    await this.space[Symbol.asyncDispose]();
  }
}
