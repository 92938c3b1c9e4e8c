import { createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { hsalsa, xsalsa20poly1305 } from '@noble/ciphers/salsa.js';
import { blake2b } from '@noble/hashes/blake2.js';

/** Bytes of a key of X25519. */
const KEY_BYTES = 32;

/** "expand 32-byte k", which every Salsa20 with a key of 32 bytes begins with. */
const SIGMA = new TextEncoder().encode('expand 32-byte k');

/** The head of a public key of X25519 in DER (RFC 8410): what Node wants before the 32 bytes. */
const DER_HEAD = Buffer.from('302a300506032b656e032100', 'hex');

/**
 * Seals a text so that only the holder of the private key reads it: libsodium's `crypto_box_seal`, which is how GitHub takes
 * secrets.
 *
 * @param text what is to be kept
 * @param publicKey 32 bytes of X25519 in base64, as GitHub's `…/secrets/public-key` answers
 * @returns base64 of the ephemeral public key, the tag and the ciphertext
 * @throws Error when the key is no public key of X25519
 * @see https://doc.libsodium.org/public-key_cryptography/sealed_boxes
 */
export function seal(text: string, publicKey: string): string {
  const ephemeral = generateKeyPairSync('x25519');
  return sealWith(text, publicKey, ephemeral).toString('base64');
}

/** `seal` with a given ephemeral pair: the same input gives the same box, for test vectors alone. */
export function sealWith(
  text: string,
  publicKey: string,
  ephemeral: { publicKey: KeyObject; privateKey: KeyObject },
): Buffer {
  const theirs = Buffer.from(publicKey, 'base64');
  if (theirs.length !== KEY_BYTES) {
    throw new Error(`The public key for secrets has ${theirs.length} bytes, expected ${KEY_BYTES}.`);
  }
  const ours = rawKey(ephemeral.publicKey);
  const nonce = blake2b(Buffer.concat([ours, theirs]), { dkLen: 24 });
  // Refused by Node where the shared secret would be all zeros, which a broken key leads to.
  const shared = diffieHellman({
    privateKey: ephemeral.privateKey,
    publicKey: createPublicKey({ key: Buffer.concat([DER_HEAD, theirs]), format: 'der', type: 'spki' }),
  });
  const box = xsalsa20poly1305(boxKey(shared), nonce).encrypt(Buffer.from(text, 'utf8'));
  return Buffer.concat([ours, box]);
}

/** The key of `crypto_box`: HSalsa20 of the shared secret and a nonce of zeros. */
function boxKey(shared: Uint8Array): Uint8Array {
  const key = new Uint32Array(KEY_BYTES / 4);
  hsalsa(words(SIGMA), words(shared), new Uint32Array(4), key);
  return new Uint8Array(key.buffer);
}

function words(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(Uint8Array.from(bytes).buffer);
}

function rawKey(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(DER_HEAD.length);
}
