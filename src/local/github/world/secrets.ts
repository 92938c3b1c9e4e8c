import type { NamedValue } from './records.js';
import { notFound, Refusal } from './refusal.js';
import type { Repository } from './repository.js';
import type { World } from './world.js';

/** The key of a repository to which secrets are sealed. */
interface SealingKey {
  id: string;
  publicKey: string;
  open(box: string): string;
}

const keys = new WeakMap<Repository, Promise<SealingKey>>();

/** The key of a repository, made when it is first asked for. */
export function sealingKey(repository: Repository): Promise<SealingKey> {
  const known = keys.get(repository) ?? makeKey(repository);
  keys.set(repository, known);
  return known;
}

async function makeKey(repository: Repository): Promise<SealingKey> {
  // Loaded when somebody seals a secret: most stages see none, and it is WebAssembly.
  const { default: sodium } = await import('libsodium-wrappers');
  await sodium.ready;
  const { publicKey, privateKey } = sodium.crypto_box_keypair();
  return {
    id: String(568_250_167_242_549_000 + repository.id),
    publicKey: Buffer.from(publicKey).toString('base64'),
    open: (box) =>
      Buffer.from(sodium.crypto_box_seal_open(Buffer.from(box, 'base64'), publicKey, privateKey)).toString(),
  };
}

/**
 * Keeps a sealed secret.
 *
 * @returns whether it is new
 * @throws Refusal 422 where it is not sealed to the repository's key, or its name is not allowed
 */
export async function putSecret(
  world: World,
  repository: Repository,
  secrets: Map<string, NamedValue>,
  name: string,
  sealed: { keyId: string; value: string },
): Promise<boolean> {
  checkName('Secret', name);
  const key = await sealingKey(repository);
  if (sealed.keyId !== key.id) {
    throw new Refusal(422, 'Validation Failed', { errors: ['The key_id is not the id of the current public key'] });
  }
  return put(world, secrets, name, opened(key, sealed.value));
}

function opened(key: SealingKey, box: string): string {
  try {
    return key.open(box);
  } catch {
    throw new Refusal(422, 'Bad request - ciphertext cannot be decrypted');
  }
}

/** Sets a value. @returns whether it is new */
export function put(world: World, values: Map<string, NamedValue>, name: string, value: string): boolean {
  const known = values.get(name.toUpperCase());
  const now = world.now();
  values.set(name.toUpperCase(), {
    name: name.toUpperCase(),
    value,
    createdAt: known?.createdAt ?? now,
    updatedAt: now,
  });
  return known === undefined;
}

/** Names: https://docs.github.com/actions/reference/security/secrets#naming-your-secrets */
export function checkName(kind: 'Secret' | 'Variable', name: string): void {
  if (!/^[a-z_][a-z0-9_]*$/i.test(name) || /^github_/i.test(name)) {
    throw new Refusal(
      422,
      `${kind} names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_). Spaces are not allowed. Must start with a letter ([a-z], [A-Z]) or underscores (_). Must not start with GITHUB_.`,
    );
  }
}

/** @throws Refusal 404 */
export function namedValue(values: ReadonlyMap<string, NamedValue>, name: string): NamedValue {
  const found = values.get(name.toUpperCase());
  if (found === undefined) {
    throw notFound();
  }
  return found;
}

/** Values by their names. */
export function plainValues(values: ReadonlyMap<string, NamedValue> | undefined): Record<string, string> {
  return Object.fromEntries([...(values ?? [])].map(([name, { value }]) => [name, value]));
}
