/** Attacks by what somebody does to the repository, and the honest way beside each. */
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { type DeedOn, tryDeeds } from './folder.js';
import { type Guarded, guarded, runGate } from './guarded.js';
import { EVIL, GOOD, type Pull, propose } from './judged.js';

/** Open pull requests, judged: one that is refused, and one that is allowed. */
export interface Pulls {
  evil: Pull;
  good: Pull;
}

/** What came of it is in GitHub's or the gate's words. */
export type Deed = DeedOn<[ops: Guarded, pulls: Pulls]>;

const PATIENCE_MS = 60_000;

/**
 * Tries attacks on one stage, each of which finds it as it was at first.
 *
 * @param folder that has them, one file each
 * @param deeds by the names of their files, which say what each tries
 */
export function doAll(folder: string, files: Record<string, string>, deeds: Readonly<Record<string, Deed>>): void {
  let ops: Guarded;
  let pulls: Pulls;
  let restore: () => Promise<void>;
  beforeAll(async () => {
    ops = await guarded(files);
    const [evil, good] = [await propose(ops, EVIL, 'main', 'evil'), await propose(ops, GOOD, 'main', 'good')];
    await runGate(ops);
    pulls = { evil, good };
    restore = await ops.stage.github.checkpoint();
  }, PATIENCE_MS);
  beforeEach(() => restore());
  afterAll(() => ops.stage.close());

  tryDeeds(folder, deeds, () => [ops, pulls]);
}
