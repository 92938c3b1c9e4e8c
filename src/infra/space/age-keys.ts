import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { decodeBech32, encodeBech32 } from './bech32.js';

/** Whom a file is encrypted to: an X25519 public key. */
export interface Recipient {
  /** 32 bytes. */
  point: Buffer;
  key: KeyObject;
}

/** Who can read it. */
export interface Identity {
  key: KeyObject;
  recipient: Recipient;
}

const PUBLIC = 'age';
const SECRET = 'age-secret-key-';
/** What stands before the 32 bytes of a private X25519 key in PKCS #8 (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');

/**
 * Reads recipients, one a line or separated by commas; empty lines and comments (`#`) count nothing.
 *
 * @param text for example `age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p`
 * @throws Error naming what is no recipient, without showing it where it may be a secret, or saying that there is none
 */
export function parseRecipients(text: string): Recipient[] {
  const recipients = linesOf(text).map((line) => {
    if (line.toLowerCase().startsWith(SECRET)) {
      throw new Error(
        'A recipient is a secret key (AGE-SECRET-KEY-…), expected the public one (age1…): `age-keygen -y` says it.',
      );
    }
    const read = decodeBech32(line);
    if (read?.prefix !== PUBLIC || read.bytes.length !== 32) {
      throw new Error(
        `${JSON.stringify(line)} is no recipient: expected an X25519 key of age, age1… with 62 characters; ` +
          '`age-keygen` makes one. Keys of SSH, of plugins and passphrases are not known here.',
      );
    }
    return recipientOf(read.bytes);
  });
  if (recipients.length === 0) {
    throw new Error(
      'There is no recipient to encrypt to: expected a public key of age (age1…), which `age-keygen` makes.',
    );
  }
  return recipients;
}

/**
 * Reads identities: the text of a file that `age-keygen` wrote, or of several.
 *
 * @throws Error saying which line is none, without showing it
 */
export function parseIdentities(text: string): Identity[] {
  const identities = linesOf(text).map((line, index) => {
    const read = decodeBech32(line);
    if (read?.prefix !== SECRET || read.bytes.length !== 32) {
      throw new Error(
        `Key ${index + 1} of the identity is not an X25519 one of age: expected AGE-SECRET-KEY-1…, as \`age-keygen\` writes it` +
          `${line.toLowerCase().startsWith('age1') ? ', found a public key' : ''}.`,
      );
    }
    return identityOf(createPrivateKey({ key: Buffer.concat([PKCS8, read.bytes]), format: 'der', type: 'pkcs8' }));
  });
  if (identities.length === 0) {
    throw new Error('There is no identity to decrypt with: expected a secret key of age (AGE-SECRET-KEY-1…).');
  }
  return identities;
}

/** A new pair of keys, as `age-keygen` makes one. */
export function newIdentity(): { identity: string; recipient: string } {
  const { key, recipient } = newPair();
  const secret = key.export({ format: 'der', type: 'pkcs8' }).subarray(PKCS8.length);
  return { identity: encodeBech32(SECRET, secret).toUpperCase(), recipient: encodeBech32(PUBLIC, recipient.point) };
}

/** A pair of keys for one file. */
export function newPair(): Identity {
  return identityOf(generateKeyPairSync('x25519').privateKey);
}

/** @param point 32 bytes */
export function recipientOf(point: Buffer): Recipient {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: point.toString('base64url') }, format: 'jwk' });
  return { point, key };
}

/** What two keys have in common. @throws Error for a point of low order, with which it would be known to everybody */
export function sharedSecret(identity: Identity, recipient: Recipient): Buffer {
  const shared = diffieHellman({ privateKey: identity.key, publicKey: recipient.key });
  if (shared.every((byte) => byte === 0)) {
    throw new Error('The key of a recipient is of low order.');
  }
  return shared;
}

function identityOf(key: KeyObject): Identity {
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return { key, recipient: recipientOf(Buffer.from(x, 'base64url')) };
}

function linesOf(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
