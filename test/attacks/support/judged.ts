import { GATE, type Guarded, merge, OPS, open, rest, runGate, at as text, verdictOn } from './guarded.js';
import { at, overlay } from './plain.js';

/** Version that production has not had, and that the rules keep out. */
export const EVIL = { [at('production')]: overlay('6.6.6') };
/** A change that the rules let in. */
export const GOOD = { [at('staging')]: overlay('1.6.0') };

export interface Pull {
  number: number;
  head: string;
}

/** Opens a pull request. */
export async function propose(
  ops: Guarded,
  files: Record<string, string>,
  base = 'main',
  branch = 'topic',
): Promise<Pull> {
  const head = await ops.repository.commit(branch, files, branch);
  return { head, number: await open(ops, branch, { base }) };
}

/** A pull request, judged. */
export async function judged(ops: Guarded, files: Record<string, string>, base = 'main'): Promise<Pull> {
  const pull = await propose(ops, files, base);
  await runGate(ops);
  return pull;
}

/** What the gate says, and what comes of a merge. */
export async function outcome(ops: Guarded, { number, head }: Pull): Promise<string> {
  return `${await verdictOn(ops, head)} | ${await merge(ops, number)}`;
}

/** Somebody's check run or status of the gate's name. @returns GitHub's status code */
export async function forgeCheck({ stage }: Guarded, head: string, token: string): Promise<number> {
  const check = { name: GATE, head_sha: head, status: 'completed', conclusion: 'success' };
  return (await rest(stage, `POST /repos/${OPS}/check-runs`, check, token)).status;
}

export async function setState({ stage }: Guarded, number: number, body: object): Promise<void> {
  const { status, body: answer } = await rest(stage, `PATCH /repos/${OPS}/pulls/${number}`, body);
  if (status !== 200) {
    throw new Error(text(answer, 'message'));
  }
}
