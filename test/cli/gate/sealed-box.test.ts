import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import sodium from 'libsodium-wrappers';
import { seal, sealWith } from '../../../src/cli/gate/sealed-box.js';

/** Bob's pair in RFC 7748 (section 6.1), which NaCl's own tests of `crypto_box` use, too. */
const BOB = {
  privateKey: Buffer.from('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb', 'hex'),
  publicKey: Buffer.from('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f', 'hex'),
};

function pairOf(privateKey: Buffer): { publicKey: KeyObject; privateKey: KeyObject } {
  const der = Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), privateKey]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return { privateKey: key, publicKey: createPublicKey(key) };
}

/** Lengths around the blocks of Salsa20 (64) and Poly1305 (16), and that of a private key of an App. */
const texts: [what: string, text: string][] = [
  ['nothing', ''],
  ['one letter', 'x'],
  ['a block of Poly1305 less a byte', 'x'.repeat(15)],
  ['a block of Poly1305', 'x'.repeat(16)],
  ['what is left of the first block of Salsa20', 'x'.repeat(32)],
  ['a byte more than that', 'x'.repeat(33)],
  ['letters outside of ASCII', 'Schlüssel 🔑'],
  [
    'a private key',
    `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA\n'.repeat(100)}-----END RSA PRIVATE KEY-----\n`,
  ],
];

describe('A sealed box', () => {
  beforeAll(() => sodium.ready);

  test.each(texts)('of %s is opened by libsodium', (_what, text) => {
    const box = Buffer.from(seal(text, BOB.publicKey.toString('base64')), 'base64');
    const opened = sodium.crypto_box_seal_open(box, BOB.publicKey, BOB.privateKey);
    expect(Buffer.from(opened).toString('utf8')).toBe(text);
  });

  test('is another one each time', () => {
    const key = BOB.publicKey.toString('base64');
    expect(seal('text', key)).not.toBe(seal('text', key));
  });

  test('is opened by nobody else', () => {
    const other = sodium.crypto_box_seed_keypair(new Uint8Array(32).fill(7));
    const box = Buffer.from(seal('text', BOB.publicKey.toString('base64')), 'base64');
    expect(() => sodium.crypto_box_seal_open(box, other.publicKey, other.privateKey)).toThrow();
  });

  test('says the lengths where the key is none', () => {
    expect(() => seal('text', Buffer.alloc(31).toString('base64'))).toThrow('has 31 bytes, expected 32');
    expect(() => seal('text', '')).toThrow('has 0 bytes, expected 32');
  });

  test('is not made with a key that gives no secret', () => {
    expect(() => seal('text', Buffer.alloc(32).toString('base64'))).toThrow();
  });

  test('is what PyNaCl makes with the same ephemeral key', () => {
    const ephemeral = pairOf(Buffer.from(Array.from({ length: 32 }, (_, index) => index)));
    expect(sealWith('oStack', BOB.publicKey.toString('base64'), ephemeral).toString('hex')).toBe(
      '8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f' +
        '9747b3dac265a9e9d69558bf47f989d4ba074aff9df0',
    );
  });
});
