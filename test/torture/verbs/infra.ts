import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StandInWorld } from '../../infra/stand-in/world.js';
import type { Checkout } from '../../infra-tools/support/infra-repository.js';
import type { ActionResult } from '../../support/run-action.js';
import { type Verb, worldOf } from '../verb.js';

/** A way to run an action in a fresh copy of a checkout that was made before, so that no request of making it counts. */
export function again(world: StandInWorld, checkout: Checkout, inputs: Record<string, string>) {
  return async (signal?: AbortSignal): Promise<ActionResult> => {
    const folder = await mkdtemp(join(tmpdir(), 'ostack-copy-'));
    try {
      await cp(checkout.folder, folder, { recursive: true });
      return await world.infra.run({ ...checkout, folder }, inputs, { signal });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

/** Brings back the states, what was made, and the space. */
export async function restoreOf(world: StandInWorld): Promise<() => Promise<void>> {
  const { infra, space } = world;
  const goBack = await infra.stage.github.checkpoint();
  const objects = new Map(space.objects);
  const kept = await mkdtemp(join(infra.states, '..', 'ostack-kept-'));
  await cp(infra.states, kept, { recursive: true });
  return async () => {
    await goBack();
    space.objects.clear();
    for (const [key, bytes] of objects) {
      space.objects.set(key, bytes);
    }
    await rm(infra.states, { recursive: true, force: true });
    await cp(kept, infra.states, { recursive: true });
  };
}

/** A world of one action, which has to end as it does without trouble. */
function infraVerb(name: string, prepare: (world: StandInWorld) => Promise<[Checkout, Record<string, string>]>): Verb {
  return {
    name,
    async world() {
      const world = await StandInWorld.of({ net: { a: '1', b: '2' }, app: { c: '3' } });
      const [checkout, inputs] = await prepare(world);
      const goBack = await restoreOf(world);
      const { stage, repository } = world.infra;
      const held = { stage, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
      return {
        ...(await worldOf(held, [repository], again(world, checkout, inputs))),
        ...{ goBack, others: [world.space.faults] },
      };
    },
  };
}

/** Two roots that drift, of which one has an issue that says something else, and a third that is gone. */
export const drift = infraVerb('drift-infra', async (world) => {
  const { infra } = world;
  const gone = Object.fromEntries([world.rootFile('gone', { d: '4' })]);
  await infra.repository.commit('main', gone, 'feat: one more');
  await infra.drift();
  await infra.repository.commit('main', { 'gone/main.tf': null }, 'feat: one less');
  const files = Object.fromEntries([world.rootFile('net', { a: '1', b: 'other' })]);
  await infra.repository.commit('main', files, 'feat: another value');
  await world.infra.repository.commit('main', Object.fromEntries([world.rootFile('new', { e: '5' })]), 'feat: new');
  return [await infra.toDrift(), {}];
});

/** A pull request whose comment says something else than it does now. */
export const plan = infraVerb('plan-infra', async (world) => {
  const first = Object.fromEntries([world.rootFile('net', { a: '1' })]);
  await world.infra.plan(await world.infra.propose('change', first), world.planInputs);
  const then = Object.fromEntries([world.rootFile('net', { a: '2' }), world.rootFile('app', {})]);
  return [await world.infra.toPlan(await world.infra.propose('change', then)), {}];
});
