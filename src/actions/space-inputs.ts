import type { SpaceKeys } from '../infra/space/signature.js';
import { parseSpaceAddress, type SpaceAddress } from '../infra/space/space-address.js';
import { requiredInput, textInput } from '../runtime/inputs.js';
import { spaceKeys } from './space-keys.js';

/** The space that plans are kept in. */
export interface SpaceInputs {
  address: SpaceAddress;
  keys: SpaceKeys;
  /** Public keys of age. */
  recipients: string;
}

/**
 * Reads the inputs of a space.
 *
 * @returns `undefined` where plans are not kept
 * @throws Error naming the input that is missing or malformed
 */
export function spaceInputs(): SpaceInputs | undefined {
  const space = textInput('space');
  return space === undefined
    ? undefined
    : {
        address: parseSpaceAddress(space, textInput('region')),
        keys: spaceKeys(),
        recipients: requiredInput(
          'recipients',
          'It takes a public key of age, which `age-keygen` makes: plans are kept encrypted.',
        ),
      };
}
