import { createCipheriv, createDecipheriv } from 'node:crypto';

const TAG = 16;
const ALGORITHM = 'chacha20-poly1305';

/** Encrypts with ChaCha20-Poly1305 (RFC 8439). @returns the encrypted bytes and their tag of 16 */
export function seal(key: Buffer, nonce: Buffer, bytes: Uint8Array): Buffer {
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG });
  return Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/** Decrypts what `seal` made. @returns `undefined` when the key is another or a byte was changed */
export function open(key: Buffer, nonce: Buffer, sealed: Buffer): Buffer | undefined {
  if (sealed.length < TAG) {
    return undefined;
  }
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG });
  decipher.setAuthTag(sealed.subarray(-TAG));
  const bytes = decipher.update(sealed.subarray(0, -TAG));
  try {
    return Buffer.concat([bytes, decipher.final()]);
  } catch {
    return undefined;
  }
}
