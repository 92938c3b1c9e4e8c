import { createHash, createHmac } from 'node:crypto';
import { stampOf } from './stamp.js';

/** A key pair of a space; temporary ones come with a token. */
export interface SpaceKeys {
  accessKey: string;
  secretKey: string;
  sessionToken?: string | undefined;
}

/** What is signed. */
export interface Signable {
  method: string;
  /** Path and query encoded by `encoded`, as they are sent. */
  url: URL;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: Uint8Array;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/**
 * The headers of a request with AWS' signature, version 4: those given, `x-amz-date`, `x-amz-content-sha256` and
 * `authorization`. The secret key itself is in none of them.
 *
 * @param at when it is sent; a server refuses what is 15 minutes off
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function signed(
  { method, url, headers, body }: Signable,
  { accessKey, secretKey, sessionToken }: SpaceKeys,
  region: string,
  at: Date,
): Record<string, string> {
  const time = stampOf(at);
  const all: Record<string, string> = {
    ...headers,
    'x-amz-content-sha256': sha256(body),
    'x-amz-date': time,
    ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
  };
  const names = [...Object.keys(all), 'host'].sort();
  const lines = names.map((name) => `${name}:${name === 'host' ? url.host : (all[name] ?? '').trim()}\n`);
  const query = url.search.slice(1).split('&').filter(Boolean).sort().join('&');
  const request = [method, url.pathname, query, lines.join(''), names.join(';'), all['x-amz-content-sha256']].join(
    '\n',
  );
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const key = scope.split('/').reduce<string | Buffer>((above, part) => hmac(above, part), `AWS4${secretKey}`);
  const signature = hmac(key, [ALGORITHM, time, scope, sha256(request)].join('\n')).toString('hex');
  return {
    ...all,
    authorization: `${ALGORITHM} Credential=${accessKey}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}

/** Text in a path or a query as the signature has it: all but `A-Z a-z 0-9 - _ . ~` as UTF-8 in `%XX`. */
export function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
