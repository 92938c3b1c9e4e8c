import * as v from 'valibot';
import type { GitHub } from '../../github/client.js';
import { type Asking, ask, askIfThere } from './ask.js';
import { nameOfHolder } from './plan-setup.js';
import { pathOf, permissionFor } from './read-state.js';
import { seal } from './sealed-box.js';
import type { Holder } from './state.js';

const publicKeySchema = v.object({ key_id: v.string(), key: v.string() });

/**
 * Writes a secret, sealed for GitHub before it leaves this process, and reads back that there is one.
 *
 * @throws Error that never holds the value
 */
export async function putSecret(github: GitHub, holder: Holder, name: string, value: string): Promise<void> {
  const asking: Asking = { github, repository: `${holder.repository.owner}/${holder.repository.name}` };
  const path = pathOf(holder, 'secrets');
  const how = {
    doing: `write the secret ${name} of ${nameOfHolder(holder)}`,
    permission: `${permissionFor(holder, 'secrets')}: write`,
  };
  const key = await ask(asking, `GET ${path}/public-key`, publicKeySchema, how);
  const body = { encrypted_value: seal(value, key.key), key_id: key.key_id };
  await ask(asking, `PUT ${path}/${name}`, v.unknown(), { ...how, body });
  await ask(asking, `GET ${path}/${name}`, v.object({ name: v.literal(name) }), how);
}

/** Writes a variable, unless it is there with this value, and reads it back. */
export async function putVariable(github: GitHub, holder: Holder, name: string, value: string): Promise<void> {
  const asking: Asking = { github, repository: `${holder.repository.owner}/${holder.repository.name}` };
  const path = pathOf(holder, 'variables');
  const how = {
    doing: `write the variable ${name} of ${nameOfHolder(holder)}`,
    permission: `${permissionFor(holder, 'variables')}: write`,
  };
  const schema = v.object({ value: v.string() });
  const found = await askIfThere(asking, `GET ${path}/${name}`, schema, how);
  if (found?.value === value) {
    return;
  }
  const body = { name, value };
  await (found === undefined
    ? // Sent again without harm: what is there already is refused, and read back below.
      askIfThere(asking, `POST ${path}`, v.unknown(), { ...how, body }, [409])
    : ask(asking, `PATCH ${path}/${name}`, v.unknown(), { ...how, body }));
  await ask(asking, `GET ${path}/${name}`, v.object({ value: v.literal(value) }), how);
}
