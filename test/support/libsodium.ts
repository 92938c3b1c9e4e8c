import { createRequire } from 'node:module';

interface Sodium {
  ready: Promise<void>;
  crypto_box_seed_keypair(seed: Uint8Array): { publicKey: Uint8Array; privateKey: Uint8Array };
  crypto_box_seal(message: Uint8Array, publicKey: Uint8Array): Uint8Array;
  /** @throws Error when the box is not for this pair */
  crypto_box_seal_open(box: Uint8Array, publicKey: Uint8Array, privateKey: Uint8Array): Uint8Array;
}

/** libsodium itself, compiled to WebAssembly: what GitHub opens secrets with. Its package has no types for ES modules. */
export async function libsodium(): Promise<Sodium> {
  const sodium: Sodium = createRequire(import.meta.url)('libsodium-wrappers');
  await sodium.ready;
  return sodium;
}
