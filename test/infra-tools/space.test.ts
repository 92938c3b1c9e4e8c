import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { decryptWith, encryptTo } from '../../src/infra/space/age.js';
import { newIdentity } from '../../src/infra/space/age-keys.js';
import { openSpace } from '../../src/infra/space/space.js';
import { parseSpaceAddress } from '../../src/infra/space/space-address.js';
import { writeGuard } from '../../src/infra/space/write-guard.js';
import { need } from './support/need.js';
import { SpaceServer } from './support/space-server.js';

const run = promisify(execFile);
const bytes = (text: string) => Buffer.from(text);

describe('A real S3 server', () => {
  test('takes, lists, gives and deletes objects, whatever their names', async () => {
    await using server = await SpaceServer.start();
    const { space } = server;
    const keys = ['plans/a b/x+y.age', "plans/it's (1)*!&<>.age", 'plans/ü%2F€.age'];
    for (const key of keys) {
      expect(await space.put(key, bytes(key))).toBe('written');
      expect((await space.get(key))?.toString()).toBe(key);
    }
    expect((await space.list('plans/')).map(({ key }) => key).sort()).toEqual([...keys].sort());
    expect(await space.list('plan/')).toEqual([]);
    for (const key of keys) {
      await space.remove(key);
      await space.remove(key);
      expect(await space.get(key)).toBeUndefined();
    }
  });

  test('keeps the first of two conditional writes, and one of twenty at once', async () => {
    await using server = await SpaceServer.start();
    const { space } = server;
    expect(await writeGuard(space)).toBe('conditions');
    expect(await space.put('a', bytes('first'), { ifAbsent: true })).toBe('written');
    expect(await space.put('a', bytes('second'), { ifAbsent: true })).toBe('there');
    expect((await space.get('a'))?.toString()).toBe('first');
    const racers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => space.put('race', bytes(`${index}`), { ifAbsent: true })),
    );
    expect(racers.filter((outcome) => outcome === 'written')).toHaveLength(1);
    expect((await space.get('race'))?.toString()).toBe(String(racers.indexOf('written')));
  });

  test('takes a stream in parts, and nothing of one that fails', async () => {
    await using server = await SpaceServer.start();
    const { space } = server;
    const size = 40 * 1024 * 1024;
    async function* pieces(failure?: Error) {
      for (let at = 0; at < size; at += 1024 * 1024) {
        yield Buffer.alloc(1024 * 1024, at / 1024 / 1024);
      }
      if (failure !== undefined) {
        throw failure;
      }
    }
    expect(await space.putStream('dump', pieces())).toMatchObject({ bytes: size });
    let [read, sum] = [0, 0];
    for await (const chunk of (await space.getStream('dump')) ?? []) {
      read += chunk.length;
      sum += chunk[0] ?? 0;
    }
    expect([read, sum > 0]).toEqual([size, true]);
    await expect(space.putStream('half', pieces(new Error('the dump failed')))).rejects.toThrow('the dump failed');
    expect((await space.list('')).map(({ key }) => key)).toEqual(['dump']);
  });

  test('says what is wrong with keys and buckets, and never that there is nothing', async () => {
    await using server = await SpaceServer.start();
    const { accessKey, secretKey } = server.keys;
    const at = (url: string, keys: { accessKey: string; secretKey: string }) =>
      openSpace(parseSpaceAddress(url), keys, []);
    const unknown = at(server.url, { accessKey: 'nobody', secretKey });
    const wrong = at(server.url, { accessKey, secretKey: 'wrong-secret' });
    const gone = at(`${server.endpoint}/gone`, { accessKey, secretKey });
    for (const [space, message] of [
      [unknown, 'The space does not know this access key'],
      [wrong, 'SignatureDoesNotMatch'],
      [gone, 'NoSuchBucket'],
    ] as const) {
      for (const work of [() => space.get('a'), () => space.list('a'), () => space.put('a', bytes('a'))]) {
        const said = await work().catch((error: unknown) => String(error));
        expect(said).toContain(message);
        expect(said).not.toMatch(/wrong-secret|a-secret-of-the-tests/);
      }
    }
  });
});

describe('The program age', () => {
  test('reads what we encrypt, and we read what it encrypts', async () => {
    await need('age');
    const folder = await mkdtemp(join(tmpdir(), 'ostack-age-'));
    const [file, key] = [join(folder, 'file'), join(folder, 'key')];
    try {
      const { identity, recipient } = newIdentity();
      expect((await run('age-keygen', ['--version'])).stdout).not.toBe('');
      await writeFile(key, `${identity}\n`);
      expect((await run('age-keygen', ['-y', key])).stdout.trim()).toBe(recipient);
      for (const size of [0, 100, 65_536, 200_000]) {
        const content = Buffer.alloc(size, 'plan');
        await writeFile(file, encryptTo(`${newIdentity().recipient}\n${recipient}`, content));
        const options = { encoding: 'buffer', maxBuffer: 1024 * 1024 } as const;
        expect((await run('age', ['--decrypt', '--identity', key, file], options)).stdout.equals(content)).toBe(true);
        await writeFile(file, content);
        const { stdout } = await run('age', ['--recipient', recipient, file], options);
        expect(decryptWith(identity, stdout).equals(content)).toBe(true);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
