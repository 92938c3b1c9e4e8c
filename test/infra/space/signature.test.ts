import { describe, expect, test } from '@jest/globals';
import { encoded, signed } from '../../../src/infra/space/signature.js';

/** Published by AWS: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
const keys = { accessKey: 'AKIAIOSFODNN7EXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const at = new Date('2013-05-24T00:00:00Z');
const host = 'https://examplebucket.s3.amazonaws.com';
const vectors: [method: string, url: string, headers: Record<string, string>, body: string, signature: string][] = [
  ['GET', '/test.txt', { range: 'bytes=0-9' }, '', 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'],
  [
    'PUT',
    '/test%24file.text',
    { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
    'Welcome to Amazon S3.',
    '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  ],
  ['GET', '/?lifecycle=', {}, '', 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
  ['GET', '/?max-keys=2&prefix=J', {}, '', '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
];

describe('The signature of a request', () => {
  test.each(vectors)('%s %s is signed as AWS publishes it', (method, path, headers, body, signature) => {
    const url = new URL(`${host}${path}`);
    const { authorization } = signed({ method, url, headers, body: Buffer.from(body) }, keys, 'us-east-1', at);
    expect(authorization).toContain('Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request');
    expect(authorization).toMatch(new RegExp(`Signature=${signature}$`));
  });

  test('the order in which a query is given changes nothing', () => {
    const sign = (query: string) =>
      signed({ method: 'GET', url: new URL(`${host}/?${query}`), headers: {}, body: Buffer.alloc(0) }, keys, 'x', at);
    expect(sign('prefix=J&max-keys=2')).toEqual(sign('max-keys=2&prefix=J'));
  });

  test('the token of a temporary key is signed and sent', () => {
    const url = new URL(host);
    const temporary = { ...keys, sessionToken: 'token' };
    const headers = signed({ method: 'GET', url, headers: {}, body: Buffer.alloc(0) }, temporary, 'x', at);
    expect(headers['x-amz-security-token']).toBe('token');
    expect(headers.authorization).toContain('x-amz-date;x-amz-security-token');
    expect(JSON.stringify(headers)).not.toContain(keys.secretKey);
  });

  test.each([
    ["a b+c!'()*~", 'a%20b%2Bc%21%27%28%29%2A~'],
    ['ü/€', '%C3%BC%2F%E2%82%AC'],
  ])('%j is encoded as %s', (text, expected) => expect(encoded(text)).toBe(expected));
});
