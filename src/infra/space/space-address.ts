import { encoded } from './signature.js';

/** Where a bucket is. */
export interface SpaceAddress {
  /** The bucket's own, without a slash at its end: `https://fra1.digitaloceanspaces.com/acme-infra`. */
  url: string;
  /** What the signature names: `fra1`, `us-east-1`. */
  region: string;
}

/** What S3 says where there are no regions. */
const DEFAULT_REGION = 'us-east-1';
const EXAMPLE = 'https://fra1.digitaloceanspaces.com/acme-infra';

/**
 * Reads the address of a bucket: with its name as the one part of the path (`https://HOST/BUCKET`), or as the first label of
 * the host (`https://BUCKET.HOST`).
 *
 * @param region where the host does not name it: `s3.<region>.…` and `<region>.digitaloceanspaces.com` do
 * @throws Error naming what is wrong with it
 */
export function parseSpaceAddress(text: string, region?: string): SpaceAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw wrong(text, 'an address such as');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw wrong(url.origin, 'no login, query or fragment in it, as in');
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw wrong(text, 'https, as in');
  }
  const parts = url.pathname.split('/').filter(Boolean);
  if (parts.length > 1) {
    throw wrong(text, 'nothing after the name of the bucket, as in');
  }
  return { url: [url.origin, ...parts].join('/'), region: region ?? regionOf(url.hostname) };
}

/**
 * The address of an object.
 *
 * @throws Error for a key that an address cannot name: an empty part of it, `.` or `..`
 */
export function objectUrl({ url }: SpaceAddress, key: string): URL {
  const parts = key.split('/');
  if (parts.some((part) => ['', '.', '..'].includes(part)) || !key.isWellFormed()) {
    throw new Error(
      `${JSON.stringify(key)} cannot be the key of an object: expected parts that are not empty, "." or "..".`,
    );
  }
  return new URL(`${url}/${parts.map(encoded).join('/')}`);
}

/** The address of the bucket itself, with a query. */
export function bucketUrl({ url }: SpaceAddress, query: Record<string, string>): URL {
  const pairs = Object.entries(query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  const { origin, pathname } = new URL(url);
  return new URL(`${origin}${pathname}?${pairs.join('&')}`);
}

function regionOf(host: string): string {
  const labels = host.split('.');
  const domain = labels.slice(-2).join('.');
  if (domain === 'digitaloceanspaces.com') {
    return labels.at(-3) ?? DEFAULT_REGION;
  }
  if (domain === 'cloudflarestorage.com') {
    return 'auto';
  }
  const after = labels.slice(labels.lastIndexOf('s3') + 1);
  return labels.includes('s3') && after.length > 2 ? (after[0] ?? DEFAULT_REGION) : DEFAULT_REGION;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function wrong(text: string, expected: string): Error {
  return new Error(`The space is ${JSON.stringify(text)}, expected ${expected} ${EXAMPLE}.`);
}
