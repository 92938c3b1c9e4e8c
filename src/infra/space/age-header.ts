import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { type Identity, newPair, type Recipient, recipientOf, sharedSecret } from './age-keys.js';
import { open, seal } from './age-seal.js';

const VERSION = 'age-encryption.org/v1';
const X25519 = 'X25519';
/** Characters of a full line of a stanza's body. */
const COLUMNS = 64;
const NO_SALT = Buffer.alloc(0);
const NO_NONCE = Buffer.alloc(12);
const FILE_KEY = 16;
const TAG = 16;
/** Most bytes of a header: each stanza costs a multiplication before anything of it can be checked. */
export const MOST_HEADER = 64 * 1024;

/** One way to the key of the file. */
interface Stanza {
  type: string;
  args: string[];
  body: Buffer;
}

/**
 * The header of a file that each of the recipients can read.
 *
 * @param fileKey 16 bytes
 * @see https://c2sp.org/age
 */
export function writeHeader(fileKey: Buffer, recipients: readonly Recipient[]): Buffer {
  const stanzas = recipients.map((recipient) => {
    const own = newPair();
    const key = wrapKey(sharedSecret(own, recipient), own.recipient.point, recipient.point);
    return `-> ${X25519} ${base64(own.recipient.point)}\n${base64(seal(key, NO_NONCE, fileKey))}\n`;
  });
  const authentic = `${VERSION}\n${stanzas.join('')}---`;
  return Buffer.from(`${authentic} ${base64(authentication(fileKey, authentic))}\n`);
}

/**
 * Reads the header and the key of the file.
 *
 * @param header all bytes to the line break after the authentication
 * @throws Error when it is malformed, was changed, or is not for one of the identities
 */
export function readHeader(header: Buffer, identities: readonly Identity[]): Buffer {
  const text = header.toString('latin1');
  const end = text.lastIndexOf('\n---') + 4;
  const stanzas = parseStanzas(text.slice(0, end));
  const mac = /^ ([^ ]+)\n$/.exec(text.slice(end))?.[1];
  const known = mac === undefined ? undefined : fromBase64(mac);
  if (known?.length !== 32) {
    throw malformed('its authentication');
  }
  const fileKey = fileKeyOf(stanzas, identities);
  if (fileKey === undefined) {
    throw new Error('The file is encrypted to other keys than this identity has.');
  }
  if (!timingSafeEqual(known, authentication(fileKey, text.slice(0, end)))) {
    throw new Error('The header of the encrypted file was changed.');
  }
  return fileKey;
}

function fileKeyOf(stanzas: readonly Stanza[], identities: readonly Identity[]): Buffer | undefined {
  if (stanzas.some(({ type }) => type === 'scrypt')) {
    throw new Error('The file is encrypted with a passphrase, expected a public key (X25519).');
  }
  const shares = stanzas
    .filter(({ type }) => type === X25519)
    .map(({ args, body }) => {
      const share = args.length === 1 ? fromBase64(args[0] ?? '') : undefined;
      if (share?.length !== 32 || body.length !== FILE_KEY + TAG) {
        throw malformed('a recipient of it');
      }
      return { share: recipientOf(share), body };
    });
  for (const identity of identities) {
    for (const { share, body } of shares) {
      const key = wrapKey(sharedSecret(identity, share), share.point, identity.recipient.point);
      const fileKey = open(key, NO_NONCE, body);
      if (fileKey !== undefined) {
        return fileKey;
      }
    }
  }
  return undefined;
}

/** @param text the header to and with `---` */
function parseStanzas(text: string): Stanza[] {
  const [version, ...lines] = text.split('\n');
  if (version !== VERSION) {
    throw new Error(
      version?.startsWith('-----BEGIN AGE') === true
        ? 'The file is armored, expected a binary one: `age --decrypt` reads it.'
        : `The file is not one of age: expected that it begins with ${VERSION}.`,
    );
  }
  const stanzas: Stanza[] = [];
  for (let at = 0; lines[at] !== '---'; ) {
    const [arrow, type = '', ...args] = (lines[at++] ?? '').split(' ');
    if (arrow !== '->' || ![type, ...args].every((word) => /^[!-~]+$/.test(word))) {
      throw malformed(`line ${at + 1}`);
    }
    let encoded = '';
    let line: string;
    do {
      line = lines[at++] ?? '---';
      encoded += line;
    } while (line.length === COLUMNS);
    const body = line.length < COLUMNS ? fromBase64(encoded) : undefined;
    if (body === undefined) {
      throw malformed(`line ${at + 1}`);
    }
    stanzas.push({ type, args, body });
  }
  if (stanzas.length === 0) {
    throw malformed('it has no recipient');
  }
  return stanzas;
}

function malformed(what: string): Error {
  return new Error(`The header of the encrypted file is malformed: ${what}.`);
}

function wrapKey(shared: Buffer, share: Buffer, recipient: Buffer): Buffer {
  return derived(shared, Buffer.concat([share, recipient]), `${VERSION}/${X25519}`);
}

function authentication(fileKey: Buffer, header: string): Buffer {
  return createHmac('sha256', derived(fileKey, NO_SALT, 'header'))
    .update(header, 'latin1')
    .digest();
}

/** HKDF with SHA-256: 32 bytes. */
export function derived(key: Buffer, salt: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, purpose, 32));
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}

/** Bytes of a Base64 text without padding. @returns `undefined` when the same bytes would be written otherwise */
function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return base64(bytes) === text ? bytes : undefined;
}
