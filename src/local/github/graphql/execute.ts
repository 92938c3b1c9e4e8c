import type { Caller } from '../world/accounts.js';
import { Refusal } from '../world/refusal.js';
import type { World } from '../world/world.js';

/** Runs one GraphQL request over GitHub's own schema. */
export async function executeGraphql(_world: World, _caller: Caller, _body: unknown): Promise<unknown> {
  throw new Refusal(501, 'GraphQL is not supported by the local GitHub yet');
}
