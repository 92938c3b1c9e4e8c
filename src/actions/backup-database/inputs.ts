import { parseConnection } from '../../infra/backup/connection.js';
import { parseKeep } from '../../infra/backup/retention.js';
import { parseSpaceAddress } from '../../infra/space/space-address.js';
import { durationInput, requiredInput, secretInput, textInput } from '../../runtime/inputs.js';
import { spaceKeys } from '../space-keys.js';

const WHERE = 'It is the address of a bucket, such as https://fra1.digitaloceanspaces.com/acme-backups.';

/** Reads the inputs. @throws Error naming the input that is missing or malformed */
export function readInputs() {
  const address = parseSpaceAddress(requiredInput('space', WHERE), textInput('region'));
  const keys = spaceKeys();
  const url = secretInput('database-url');
  const connection = url === undefined ? undefined : parseConnection(url);
  const identity = secretInput('identity');
  const keep = textInput('keep');
  if (connection === undefined && identity === undefined && keep === undefined) {
    throw new Error(
      'There is nothing to do: pass "database-url" to make a backup, "identity" to restore the newest on trial, or "keep" to delete old ones.',
    );
  }
  return {
    address,
    keys,
    name: textInput('name') ?? connection?.PGDATABASE ?? requiredInput('name', 'It says whose backups these are.'),
    connection,
    recipients:
      connection === undefined
        ? ''
        : requiredInput('recipients', 'It takes a public key of age, which `age-keygen` makes.'),
    identity,
    maxAgeMs: textInput('max-age') === undefined ? undefined : durationInput('max-age', '0s'),
    keep: keep === undefined ? undefined : parseKeep(keep),
  };
}
