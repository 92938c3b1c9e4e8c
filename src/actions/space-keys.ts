import type { SpaceKeys } from '../infra/space/signature.js';
import { requiredInput, secretInput } from '../runtime/inputs.js';

/**
 * Reads the keys of a space: the inputs `access-key`, `secret-key` and `session-token`, else what AWS' programs read.
 *
 * @throws Error naming the input that is missing
 */
export function spaceKeys(): SpaceKeys {
  return {
    accessKey: requiredSecret('access-key', 'AWS_ACCESS_KEY_ID'),
    secretKey: requiredSecret('secret-key', 'AWS_SECRET_ACCESS_KEY'),
    sessionToken: secretInput('session-token') ?? variable('AWS_SESSION_TOKEN'),
  };
}

function requiredSecret(input: string, fallback: string): string {
  return (
    secretInput(input) ?? variable(fallback) ?? requiredInput(input, `Pass it, or ${fallback} in the environment.`)
  );
}

function variable(name: string): string | undefined {
  const value = process.env[name] ?? '';
  return value === '' ? undefined : value;
}
