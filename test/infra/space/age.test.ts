import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { decryptStream, decryptWith, encryptStream, encryptTo } from '../../../src/infra/space/age.js';
import { newIdentity } from '../../../src/infra/space/age-keys.js';

/** Published at https://c2sp.org/CCTV/age (0BSD, CC0 or Unlicense), but for passphrases, plugins and armor. */
const folder = join(import.meta.dirname, '..', '..', 'fixtures', 'age');
const vectors = await Promise.all(
  (await readdir(folder)).sort().map(async (name) => [name, parseVector(await readFile(join(folder, name)))] as const),
);

interface Vector {
  expect: string;
  payload: string | undefined;
  identities: string;
  file: Buffer;
}

function parseVector(content: Buffer): Vector {
  const end = content.indexOf('\n\n');
  const lines = content.subarray(0, end).toString('utf8').split('\n');
  const all = (key: string) =>
    lines.filter((line) => line.startsWith(`${key}: `)).map((line) => line.slice(key.length + 2));
  const body = content.subarray(end + 2);
  return {
    expect: all('expect')[0] ?? '',
    payload: all('payload')[0],
    identities: all('identity').join('\n'),
    file: all('compressed')[0] === 'zlib' ? inflateSync(body) : body,
  };
}

/** What a stream gives before it ends or fails. */
async function released(stream: AsyncIterable<Buffer>): Promise<{ bytes: Buffer; error: string | undefined }> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stream) {
      chunks.push(chunk);
    }
  } catch (error) {
    return { bytes: Buffer.concat(chunks), error: String(error) };
  }
  return { bytes: Buffer.concat(chunks), error: undefined };
}

function* pieces(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
  }
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
/** Any identity: those vectors have none that would be reached. */
const anybody = newIdentity().identity;

describe('Files of age', () => {
  test.each(vectors)('the published vector %s is read as it has to be', async (_name, vector) => {
    const identities = vector.identities === '' ? anybody : vector.identities;
    const whole = await released(decryptStream(identities, [vector.file]));
    expect(whole.error === undefined).toBe(vector.expect === 'success');
    // Before an error, less may come out here than elsewhere: a chunk is opened once it is known whether it is the last.
    if (vector.expect === 'success') {
      expect(sha256(whole.bytes)).toBe(vector.payload);
    }
  });

  test.each([0, 1, 15, 65_535, 65_536, 65_537, 131_072, 200_000])(
    'of %i bytes come back as they were',
    async (size) => {
      const { identity, recipient } = newIdentity();
      const content = Buffer.alloc(size, 'backup');
      const atOnce = encryptTo(recipient, content);
      expect(decryptWith(identity, atOnce)).toEqual(content);
      const streamed = (await released(encryptStream(recipient, pieces(content, 1000)))).bytes;
      expect(streamed).toHaveLength(atOnce.length);
      expect((await released(decryptStream(identity, pieces(streamed, 777)))).bytes.equals(content)).toBe(true);
    },
  );

  test('each recipient reads them, and nobody else', () => {
    const [one, other, stranger] = [newIdentity(), newIdentity(), newIdentity()];
    const file = encryptTo(`# the team\n${one.recipient}\n\n${other.recipient}`, Buffer.from('plan'));
    expect(decryptWith(one.identity, file).toString()).toBe('plan');
    expect(decryptWith(`${stranger.identity}\n${other.identity}`, file).toString()).toBe('plan');
    expect(() => decryptWith(stranger.identity, file)).toThrow('encrypted to other keys than this identity has');
  });

  test('a changed, cut or longer file is an error at each of its bytes', () => {
    const { identity, recipient } = newIdentity();
    const file = encryptTo(recipient, Buffer.from('plan'));
    for (let at = 0; at < file.length; at++) {
      const changed = Buffer.from(file);
      changed.writeUInt8((changed[at] ?? 0) ^ 1, at);
      expect(() => decryptWith(identity, changed)).toThrow(/file|key/);
      expect(() => decryptWith(identity, file.subarray(0, at))).toThrow(/file/);
    }
    expect(() => decryptWith(identity, Buffer.concat([file, Buffer.of(0)]))).toThrow('was changed');
  });

  test('nothing is read for long in search of a header', () => {
    const { identity } = newIdentity();
    const endless = Buffer.from(`age-encryption.org/v1\n${'-> X25519 x\n\n'.repeat(10_000)}`);
    expect(() => decryptWith(identity, endless)).toThrow('no header of age in its first 65536 bytes');
  });
});

const { identity: secret, recipient: known } = newIdentity();
describe('Keys of age', () => {
  test.each([
    ['', 'There is no recipient'],
    ['# age1 comes later', 'There is no recipient'],
    [known.slice(0, -1), `"${known.slice(0, -1)}" is no recipient`],
    [`${known.slice(0, 10)}${known[10] === 'q' ? 'p' : 'q'}${known.slice(11)}`, 'is no recipient'],
    [`${known.slice(0, 10).toUpperCase()}${known.slice(10)}`, 'is no recipient'],
    ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ', 'Keys of SSH'],
    [secret, 'A recipient is a secret key'],
  ])('%j is no recipient', (text, message) => {
    expect(() => encryptTo(text, Buffer.alloc(1))).toThrow(message);
  });

  test('a secret key in the wrong place is not shown', () => {
    const show = (work: () => unknown) => {
      try {
        work();
      } catch (error) {
        return String(error);
      }
      return 'no error';
    };
    expect(show(() => encryptTo(secret, Buffer.alloc(1)))).not.toContain(secret.slice(20, 30));
    const cut = `${secret.slice(0, -1)}${secret.endsWith('X') ? 'Y' : 'X'}`;
    expect(show(() => decryptWith(cut, Buffer.alloc(1)))).toContain('Key 1 of the identity is not an X25519 one');
    expect(show(() => decryptWith(cut, Buffer.alloc(1)))).not.toContain(secret.slice(20, 30));
    expect(show(() => decryptWith(known, Buffer.alloc(1)))).toContain('found a public key');
    expect(show(() => decryptWith('', Buffer.alloc(1)))).toContain('There is no identity');
  });
});
