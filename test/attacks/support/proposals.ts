/** Attacks by what a pull request says, and the honest pull request beside each. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inSentences } from './folder.js';
import { type Guarded, guarded, merge, open, runGate, verdictOn } from './guarded.js';

/** A pull request. */
export interface Proposal {
  /** New text by path; `null` deletes. */
  files: Record<string, string | null>;
  /** Of its commit. */
  message?: string;
  /** Who opens it: mallory, who may write, where it says nobody. */
  by?: string;
  /** What happens to it before it is judged. */
  afterwards?(ops: Guarded, pull: Opened): Promise<void>;
}

export interface Opened {
  number: number;
  branch: string;
  /** As it was opened. */
  head: string;
}

/** One attack and the honest way beside it. */
export interface Attack {
  attack: Proposal;
  /** What the gate says of it. */
  refused: string | RegExp;
  honest: Proposal;
  allowed: string | RegExp;
}

/** Time for a stage, and for one run of the gate over all that is proposed. */
const PATIENCE_MS = 60_000;
const ADA = { name: 'Ada', email: 'ada@acme.dev' };

/**
 * Tries attacks on one ground, all judged in one run of the gate: what is tried is refused with a reason and cannot be merged, and
 * what is honest is allowed.
 *
 * @param folder that has them, one file each
 * @param ground commits of the default branch, oldest first
 * @param attacks by the names of their files, which say what each tries
 */
export function tryAll(
  folder: string,
  ground: readonly Record<string, string>[],
  attacks: Readonly<Record<string, Attack>>,
): void {
  let ops: Guarded;
  const pulls = new Map<Proposal, Opened>();
  beforeAll(async () => {
    const [first = {}, ...more] = ground;
    ops = await guarded(first);
    for (const [index, files] of more.entries()) {
      await ops.repository.commit('main', files, `step ${index}`, ADA);
    }
    for (const [index, each] of Object.values(attacks)
      .flatMap(({ attack, honest }) => [attack, honest])
      .entries()) {
      pulls.set(each, await propose(ops, `change-${index}`, each));
    }
    const { exitCode, stdout } = await runGate(ops);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
  }, PATIENCE_MS);
  afterAll(() => ops.stage.close());

  function pullOf(proposal: Proposal): Opened {
    const pull = pulls.get(proposal);
    if (pull === undefined) {
      throw new Error('It was not opened.');
    }
    return pull;
  }

  describe.each(inSentences(folder, attacks))('What %s', (_name, { attack, refused, honest, allowed }) => {
    test('is refused with a reason, and cannot be merged', async () => {
      const { number, branch } = pullOf(attack);
      const verdict = await verdictOn(ops, await headOf(ops, branch));
      expect(verdict).toMatch(/^failure: /);
      expect(verdict).toEqual(expect.stringMatching(refused));
      expect(await merge(ops, number)).toContain('oStack / gate');
    });
    test('has an honest way that passes', async () => {
      const verdict = await verdictOn(ops, await headOf(ops, pullOf(honest).branch));
      expect(verdict).toMatch(/^success: /);
      expect(verdict).toEqual(expect.stringMatching(allowed));
    });
  });
}

async function headOf({ repository }: Guarded, branch: string): Promise<string> {
  return (await repository.refs())[`refs/heads/${branch}`] ?? '';
}

async function propose(
  ops: Guarded,
  branch: string,
  { files, message = branch, by, afterwards }: Proposal,
): Promise<Opened> {
  const head = await ops.repository.commit(branch, files, message, ADA);
  const pull = { branch, head, number: await open(ops, branch, by === undefined ? {} : { as: by }) };
  await afterwards?.(ops, pull);
  return pull;
}
