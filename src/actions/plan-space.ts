import type { PlanSpace } from '../infra/plan/prove-plan.js';
import { openSpace } from '../infra/space/space.js';
import { describeGuard, writeGuard } from '../infra/space/write-guard.js';
import { info } from '../runtime/log.js';
import type { SpaceInputs } from './space-inputs.js';

/** Opens the space that plans are kept in, and says how it keeps what is written once. @throws SpaceFailure with what to do */
export async function planSpace({ address, keys, recipients }: SpaceInputs): Promise<PlanSpace> {
  const space = openSpace(address, keys);
  const guard = await writeGuard(space);
  info(describeGuard(guard));
  return { space, guard, recipients };
}
