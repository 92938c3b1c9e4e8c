/** Attacks on the branch of previews, where ops alone writes it, and the honest way beside each. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ticking } from '../../actions/create-preview-env/fork-pulls.js';
import {
  errorsOf,
  lines,
  OPS_FILES,
  type PreviewRun,
  type TestPull,
} from '../../actions/create-preview-env/support.js';
import { type ServedStage, servedStage } from '../../actions/serve-previews/support.js';
import { inSentences } from './folder.js';

/** Two pull requests of members: mallory's, and somebody else's. */
export interface Pulls {
  own: TestPull;
  other: TestPull;
}

/** One attack and the honest way beside it: each does something and returns what came of it. */
export interface Deed {
  attack(world: ServedStage, pulls: Pulls): Promise<string | PreviewRun>;
  refused: RegExp;
  honest(world: ServedStage, pulls: Pulls): Promise<string | PreviewRun>;
  allowed: RegExp;
}

export const OPENED = /^pr-\d+: opened, deploying$/;

const POLICY = (OPS_FILES['ostack.yaml'] ?? '').replace(
  'host: staging,',
  'host: staging, from: [acme/apps], forks: labelled,',
);

/** @param deeds by the names of their files, which say what each tries */
export function tryAll(folder: string, deeds: Readonly<Record<string, Deed>>): void {
  let world: ServedStage;
  let pulls: Pulls;
  let restore: () => Promise<void>;
  beforeAll(async () => {
    world = await servedStage(POLICY, '', ticking());
    pulls = { own: await world.openPull('change'), other: await world.openPull('other') };
    restore = await world.stage.github.checkpoint();
  });
  beforeEach(() => restore());
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  describe.each(inSentences(folder, deeds))('To %s', (_name, { attack, refused, honest, allowed }) => {
    test('fails with a reason', async () => {
      expect(said(await attack(world, pulls))).toEqual(expect.stringMatching(refused));
      expect((await world.previews()).active).toEqual([]);
    });
    test('is done in an honest way', async () => {
      expect(said(await honest(world, pulls))).toEqual(expect.stringMatching(allowed));
    });
  });
}

/** What ops says: why it refuses, else what became of previews. */
function said(outcome: string | PreviewRun): string {
  return typeof outcome === 'string' ? outcome : errorsOf(outcome) || lines(outcome).join() || 'no preview';
}
