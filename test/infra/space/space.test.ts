import { describe, expect, test } from '@jest/globals';
import { openSpace } from '../../../src/infra/space/space.js';
import { parseSpaceAddress } from '../../../src/infra/space/space-address.js';
import { describeGuard, putOnce, writeGuard } from '../../../src/infra/space/write-guard.js';
import { breakOff, FakeSpace, KEYS, pass, refuse } from './fake-space.js';

const bytes = (text: string) => Buffer.from(text);

describe('A space', () => {
  test('writes, reads, lists and deletes objects, whatever their names', async () => {
    await using fake = await FakeSpace.start();
    const { space } = fake;
    for (const key of ['a/1', "a/it's & more", 'b/1']) {
      expect(await space.put(key, bytes(key))).toBe('written');
    }
    fake.pageSize = 1;
    expect(await space.list('a/')).toEqual([
      { key: 'a/1', size: 3 },
      { key: "a/it's & more", size: 13 },
    ]);
    expect((await space.get("a/it's & more"))?.toString()).toBe("a/it's & more");
    await space.remove('a/1');
    await space.remove('a/1');
    expect(await space.get('a/1')).toBeUndefined();
    expect(await space.list('c/')).toEqual([]);
  });

  test.each([
    [503, 'SlowDown'],
    [500, 'InternalError'],
    [409, 'ConditionalRequestConflict'],
    [429, 'TooManyRequests'],
  ])('sends again what was answered with %i %s, and then a third time', async (status, code) => {
    await using fake = await FakeSpace.start();
    fake.before = [refuse(status, code), refuse(status, code)];
    expect(await fake.space.put('a', bytes('a'), { ifAbsent: true })).toBe('written');
    expect(fake.requests).toHaveLength(3);
    fake.before = [refuse(status, code), refuse(status, code), refuse(status, code)];
    await expect(fake.space.get('a')).rejects.toThrow(`answered ${status} ${code} to GET a.`);
  });

  test('a write that took effect without an answer is no write of somebody else', async () => {
    await using fake = await FakeSpace.start();
    fake.after = [breakOff];
    expect(await fake.space.put('a', bytes('mine'), { ifAbsent: true })).toBe('written');
    fake.objects.set('b', bytes('theirs'));
    fake.before = [breakOff];
    expect(await fake.space.put('b', bytes('mine'), { ifAbsent: true })).toBe('there');
    expect(fake.objects.get('b')?.toString()).toBe('theirs');
  });

  test('a key that may only write is told when nobody can say whose an object is', async () => {
    await using fake = await FakeSpace.start();
    fake.after = [breakOff];
    fake.before = [pass, pass, refuse(403, 'AccessDenied')];
    await expect(fake.space.put('a', bytes('mine'), { ifAbsent: true })).rejects.toThrow(
      'Whether a was written cannot be told',
    );
  });

  test.each([
    ['AccessDenied', 403, 'The key may not do this'],
    ['InvalidAccessKeyId', 404, 'The space does not know this access key'],
    ['NoSuchBucket', 404, 'There is no bucket of that name'],
    ['SignatureDoesNotMatch', 403, 'The secret key is another'],
    ['RequestTimeTooSkewed', 403, 'The clock of this machine is wrong'],
  ])('says what to do about %s, and never that there is nothing', async (code, status, advice) => {
    await using fake = await FakeSpace.start();
    for (const work of [() => fake.space.get('a'), () => fake.space.list('a'), () => fake.space.put('a', bytes(''))]) {
      fake.before = [
        refuse(status, code, `Sent by ${KEYS.accessKey} ${KEYS.secretKey} ${KEYS.sessionToken}\n::error::x`),
      ];
      const error = await work().catch((thrown: unknown) => String(thrown));
      expect(error).toContain(`answered ${status} ${code} to`);
      expect(error).toContain(advice);
      expect(error).toContain('(Sent by *** *** *** ::error::x)');
      expect(fake.requests).not.toHaveLength(0);
    }
  });

  test('the signature goes to no other host', async () => {
    await using fake = await FakeSpace.start();
    await using other = await FakeSpace.start();
    const headers = { location: `${other.url}/a`, 'x-amz-bucket-region': 'eu-west-1' };
    fake.before = [refuse(307, 'TemporaryRedirect', '', headers), refuse(301, 'PermanentRedirect', '', headers)];
    await expect(fake.space.get('a')).rejects.toThrow('answered 307 TemporaryRedirect');
    await expect(fake.space.get('a')).rejects.toThrow('The bucket is elsewhere');
    expect(other.requests).toEqual([]);
  });

  test('an answer that is no listing, or a cut one, is an error', async () => {
    await using fake = await FakeSpace.start();
    for (const body of [
      '',
      '<html>',
      '<p>hello</p>',
      '<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>',
    ]) {
      fake.before = [(_request, response) => response.writeHead(200).end(body) !== undefined];
      await expect(fake.space.list('a')).rejects.toThrow(/answer/);
    }
  });

  test('no more is read than was asked for', async () => {
    await using fake = await FakeSpace.start();
    fake.objects.set('a', Buffer.alloc(1001));
    await expect(fake.space.get('a', 1000)).rejects.toThrow('more than the 1000 bytes');
  });

  test('that nobody answers is said with the reason and without the keys', async () => {
    const fake = await FakeSpace.start();
    await fake[Symbol.asyncDispose]();
    const space = openSpace(parseSpaceAddress(fake.url), KEYS, []);
    await expect(space.get('a')).rejects.toThrow(/did not answer to GET a: fetch failed: .*ECONNREFUSED/);
  });
});

describe('Whether a space writes an object once', () => {
  test('is told by two conditional writes, and by one the next time', async () => {
    await using fake = await FakeSpace.start();
    expect(await writeGuard(fake.space)).toBe('conditions');
    expect(fake.requests).toHaveLength(2);
    expect(await writeGuard(fake.space)).toBe('conditions');
    expect(fake.requests).toHaveLength(3);
  });

  const rule = '<ObjectLockConfiguration><Rule><DefaultRetention/></Rule></ObjectLockConfiguration>';
  const versions = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
  test.each([
    [{ 'object-lock': rule, versioning: versions }, 'lock'],
    [{ 'object-lock': '<ObjectLockConfiguration/>', versioning: versions }, 'versions'],
    [{ versioning: '<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>' }, 'nothing'],
    [{}, 'nothing'],
  ] as const)('where it heeds no conditions, its bucket says it: %j is %s', async (settings, guard) => {
    await using fake = await FakeSpace.start();
    fake.heedsConditions = false;
    fake.settings = { ...settings };
    expect(await writeGuard(fake.space)).toBe(guard);
  });

  test('a server that knows no conditions is written to without them', async () => {
    await using fake = await FakeSpace.start();
    fake.before = [refuse(501, 'NotImplemented')];
    const guard = await writeGuard(fake.space);
    expect(describeGuard(guard)).toContain('Turn versions on');
    fake.before = [(request) => expect(request.headers['if-none-match']).toBeUndefined() !== undefined];
    expect(await putOnce(fake.space, guard, 'a', bytes('a'))).toBe('written');
  });

  test('a space that refuses the try is an error, not a server without conditions', async () => {
    await using fake = await FakeSpace.start();
    fake.before = [refuse(403, 'AccessDenied')];
    await expect(writeGuard(fake.space)).rejects.toThrow('AccessDenied');
  });
});

describe('A stream to a space', () => {
  async function* pieces(count: number, size: number, failure?: Error) {
    for (let index = 0; index < count; index++) {
      yield Buffer.alloc(size, index);
    }
    if (failure !== undefined) {
      throw failure;
    }
  }

  test('is one write where it is small, also where it is empty', async () => {
    await using fake = await FakeSpace.start();
    expect(await fake.space.putStream('a', pieces(3, 5))).toMatchObject({ bytes: 15 });
    expect(await fake.space.putStream('b', pieces(0, 0))).toMatchObject({ bytes: 0 });
    expect(fake.requests).toEqual(['PUT /bucket/a', 'PUT /bucket/b']);
    expect(fake.objects.get('a')).toHaveLength(15);
  });

  test('that fails leaves nothing', async () => {
    await using fake = await FakeSpace.start();
    await expect(fake.space.putStream('a', pieces(3, 5, new Error('pg_dump failed')))).rejects.toThrow(
      'pg_dump failed',
    );
    expect(fake.requests).toEqual([]);
  });
});
