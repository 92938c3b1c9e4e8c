import { describe, expect, test } from '@jest/globals';
import { bucketUrl, objectUrl, parseSpaceAddress } from '../../../src/infra/space/space-address.js';

describe('The address of a space', () => {
  test.each([
    ['https://fra1.digitaloceanspaces.com/acme', 'https://fra1.digitaloceanspaces.com/acme', 'fra1'],
    ['https://fra1.digitaloceanspaces.com/acme/', 'https://fra1.digitaloceanspaces.com/acme', 'fra1'],
    ['https://acme.fra1.digitaloceanspaces.com', 'https://acme.fra1.digitaloceanspaces.com', 'fra1'],
    ['https://s3.eu-central-1.amazonaws.com/acme', 'https://s3.eu-central-1.amazonaws.com/acme', 'eu-central-1'],
    ['https://acme.s3.eu-central-1.amazonaws.com', 'https://acme.s3.eu-central-1.amazonaws.com', 'eu-central-1'],
    ['https://s3.amazonaws.com/acme', 'https://s3.amazonaws.com/acme', 'us-east-1'],
    ['https://acme.s3.fr-par.scw.cloud', 'https://acme.s3.fr-par.scw.cloud', 'fr-par'],
    ['https://a1b2.r2.cloudflarestorage.com/acme', 'https://a1b2.r2.cloudflarestorage.com/acme', 'auto'],
    ['https://s3.acme.dev/acme', 'https://s3.acme.dev/acme', 'us-east-1'],
    ['http://127.0.0.1:7070/acme', 'http://127.0.0.1:7070/acme', 'us-east-1'],
    ['http://localhost:7070/acme', 'http://localhost:7070/acme', 'us-east-1'],
  ])('%s is %s in %s', (text, url, region) => {
    expect(parseSpaceAddress(text)).toEqual({ url, region });
  });

  test('a region that is given wins', () => {
    expect(parseSpaceAddress('https://fra1.digitaloceanspaces.com/acme', 'us-east-1').region).toBe('us-east-1');
  });

  test.each([
    ['', 'expected an address'],
    ['s3://acme', 'expected an address'],
    ['acme', 'expected an address'],
    ['http://s3.acme.dev/acme', 'expected https'],
    ['http://127.0.0.1.acme.dev/acme', 'expected https'],
    ['https://s3.acme.dev/acme/plans', 'expected nothing after the name of the bucket'],
    ['https://key:secret@s3.acme.dev/acme', 'The space is "https://s3.acme.dev", expected no login'],
    ['https://s3.acme.dev/acme?x=1', 'expected no login, query'],
  ])('%j is none', (text, message) => {
    expect(() => parseSpaceAddress(text)).toThrow(message);
  });
});

describe('The address of an object', () => {
  const path = parseSpaceAddress('https://s3.acme.dev/acme');
  const host = parseSpaceAddress('https://acme.s3.acme.dev');

  test.each([
    ['plans/a b/x+y.age', '/plans/a%20b/x%2By.age'],
    ["it's (1)*!.age", '/it%27s%20%281%29%2A%21.age'],
    ['a%2Fb', '/a%252Fb'],
    ['ü?#', '/%C3%BC%3F%23'],
  ])('of %j is %s, with the bucket in the path or in the host', (key, expected) => {
    expect(objectUrl(path, key).href).toBe(`https://s3.acme.dev/acme${expected}`);
    expect(objectUrl(host, key).href).toBe(`https://acme.s3.acme.dev${expected}`);
  });

  test.each(['', '/a', 'a/', 'a//b', '..', 'a/../b', './a', '\ud800'])('%j has none', (key) => {
    expect(() => objectUrl(path, key)).toThrow('cannot be the key of an object');
  });

  test('a bucket has one with a query', () => {
    expect(bucketUrl(path, { prefix: 'a b&c' }).href).toBe('https://s3.acme.dev/acme?prefix=a%20b%26c');
    expect(bucketUrl(host, { versioning: '' }).href).toBe('https://acme.s3.acme.dev/?versioning=');
  });
});
