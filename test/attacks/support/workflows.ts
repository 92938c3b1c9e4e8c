/** Attacks that run workflows, with the starters of the check and the gate as users copy them. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { thisMachine } from '../../../src/local/runner/machine.js';
import { createRunner, type StageRunner } from '../../../src/local/runner/stage-runner.js';
import { publishActions } from '../../../src/local/settings.js';
import { inSentences } from './folder.js';
import { type Guarded, guarded } from './guarded.js';

export interface Running extends Guarded {
  runner: StageRunner;
}

/** One attack and the honest way beside it: each does something and returns what came of it. */
export interface Run {
  attack(ops: Running): Promise<string>;
  refused: string | RegExp;
  honest(ops: Running): Promise<string>;
  allowed: string | RegExp;
}

const PATIENCE_MS = 90_000;
/** Builds the same whatever it is given: kustomize itself has tests of its own. */
const KUSTOMIZE = '#!/bin/sh\nprintf "apiVersion: v1\\nkind: Service\\nmetadata: { name: shop }\\n"\n';

/** @param runs by the names of their files, which say what each tries */
export function runAll(folder: string, files: Record<string, string>, runs: Readonly<Record<string, Run>>): void {
  let ops: Running;
  let tools: string;
  let restore: () => Promise<void>;
  beforeAll(async () => {
    tools = await mkdtemp(join(tmpdir(), 'ostack-attacks-'));
    await writeFile(join(tools, 'kustomize'), KUSTOMIZE);
    await chmod(join(tools, 'kustomize'), 0o755);
    const set = await guarded(files);
    await publishActions(set.stage);
    const machine = thisMachine();
    const path = [tools, machine.path].join(delimiter);
    ops = { ...set, runner: await createRunner(set.stage, { machine: { ...machine, path } }) };
    restore = await ops.stage.github.checkpoint();
  }, PATIENCE_MS);
  afterAll(async () => {
    await ops.runner.close();
    await ops.stage.close();
    await rm(tools, { recursive: true, force: true });
  });

  describe.each(inSentences(folder, runs))('To %s', (_name, { attack, refused, honest, allowed }) => {
    async function outcomeOf(deed: Run['attack']): Promise<string> {
      await ops.runner.idle();
      await restore();
      ops.runner.runs.length = 0;
      return deed(ops);
    }
    test('fails with a reason', async () => expect(await outcomeOf(attack)).toMatch(refused), PATIENCE_MS);
    test('is done in an honest way', async () => expect(await outcomeOf(honest)).toMatch(allowed), PATIENCE_MS);
  });
}

/** How the runs of a workflow ended, and what they said: `failure: …`. */
export function saidBy({ runner }: Running, workflow: string): string {
  const own = runner.runs.filter((run) => run.workflow === workflow);
  return own.map(({ event, conclusion, ...run }) => `${event} ${conclusion}: ${JSON.stringify(run)}`).join('\n');
}
