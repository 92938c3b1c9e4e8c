import type { Space } from './space.js';
import { SpaceFailure } from './space-failure.js';
import { textOf } from './space-xml.js';

/**
 * What keeps an object of a space from being replaced: the server itself (`conditions`), a lock on what is there, versions, which
 * keep what was there before, or nothing.
 */
export type WriteGuard = 'conditions' | 'lock' | 'versions' | 'nothing';

/** The object that the server is tried with. It stays: with it, the next time takes one request. */
const PROBE = '.ostack/written-once';
const CONTENT = Buffer.from('Two conditional writes of this object tell whether the server keeps the first one.\n');

/**
 * Finds out whether the server heeds `If-None-Match: *`, by two writes of one object; there are servers that take it and
 * replace the object all the same. Where it does not, the bucket is asked for a lock and for versions. It takes no right
 * but to write.
 *
 * @throws SpaceFailure when the space refuses even that
 */
export async function writeGuard(space: Space): Promise<WriteGuard> {
  if (await heedsConditions(space)) {
    return 'conditions';
  }
  const lock = await space.setting('object-lock');
  const rule = lock?.children.find(({ name }) => name === 'Rule');
  if (rule !== undefined) {
    return 'lock';
  }
  const versioning = await space.setting('versioning');
  return versioning !== undefined && textOf(versioning, 'Status') === 'Enabled' ? 'versions' : 'nothing';
}

async function heedsConditions(space: Space): Promise<boolean> {
  try {
    return (
      (await space.put(PROBE, CONTENT, { ifAbsent: true })) === 'there' ||
      (await space.put(PROBE, CONTENT, { ifAbsent: true })) === 'there'
    );
  } catch (error) {
    if (error instanceof SpaceFailure && error.code === 'NotImplemented') {
      return false;
    }
    throw error;
  }
}

/**
 * Writes an object that is written once.
 *
 * @returns `there` when there was one already, which then is left as it is where the guard is `conditions`, and kept as an
 *   older version or not at all elsewhere
 */
export function putOnce(
  space: Space,
  guard: WriteGuard,
  key: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<'written' | 'there'> {
  return space.put(key, bytes, { ifAbsent: guard === 'conditions' });
}

/** What a guard is worth, one sentence for a summary. */
export function describeGuard(guard: WriteGuard): string {
  return {
    conditions: 'The space writes an object once: a second write of a key is refused.',
    lock: 'The space heeds no conditions; the lock of the bucket keeps what is there.',
    versions: 'The space heeds no conditions; the versions of the bucket keep what was there before.',
    nothing:
      'Nothing keeps whoever has the key from replacing what is in the space: its server heeds no conditions ' +
      '(`If-None-Match: *`), and the bucket has neither versions nor a lock. Turn versions on, ' +
      '`aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status=Enabled --endpoint-url URL`.',
  }[guard];
}
