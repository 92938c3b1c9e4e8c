import type { Connected } from '../../../../github/connected.js';
import { previewPolicy } from '../../../policy/preview-policy.js';
import { openRepository } from '../../../repository/open-repository.js';
import { NOBODY } from '../../../repository/repository-state.js';
import { isGuarded } from '../ask/level.js';

/** Whether ops alone writes previews, so that a run of an apps repository asks it to. @throws Error for people when it cannot be read */
export async function isServed(ops: Connected): Promise<boolean> {
  const { policy } = await openRepository(ops, NOBODY, () => {});
  return isGuarded(ops, previewPolicy(policy).branch);
}
