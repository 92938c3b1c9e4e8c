import { describe, expect, test } from '@jest/globals';
import { type BuildRecord, readBuildRecord, writeBuildRecord } from '../../src/images/build-record.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const IMAGE = { app: 'web', repository: 'ghcr.io/acme/web', digest: DIGEST, tag: 'web-1.4.0' };
const RECORD: BuildRecord = { version: 1, commit: 'c'.repeat(40), images: [IMAGE] };

describe('the record of what a run built', () => {
  test('is read as it was written, whatever its images are in', () => {
    const other = { ...IMAGE, app: 'api', repository: 'ghcr.io/acme/api', key: 'content-1' };
    const written = writeBuildRecord({ ...RECORD, images: [IMAGE, other] });
    expect(written).toBe(writeBuildRecord({ ...RECORD, images: [other, IMAGE] }));
    expect(readBuildRecord(written)).toEqual({ ...RECORD, images: [other, IMAGE] });
  });

  test.each([
    ['no JSON', '{', 'images.json is no JSON'],
    ['another version', JSON.stringify({ ...RECORD, version: 2 }), 'version: expected version 1'],
    ['a short commit', JSON.stringify({ ...RECORD, commit: 'c0ffee' }), 'commit: expected 40 hex digits'],
    ['no images', JSON.stringify({ version: 1, commit: RECORD.commit }), 'images: '],
    [
      'a digest cut short',
      JSON.stringify({ ...RECORD, images: [{ ...IMAGE, digest: 'sha256:1' }] }),
      'images.0.digest: expected "sha256:"',
    ],
    [
      'a name with a digest',
      JSON.stringify({ ...RECORD, images: [{ ...IMAGE, repository: `ghcr.io/a@${DIGEST}` }] }),
      'images.0.repository: expected a registry',
    ],
    [
      'too many images',
      JSON.stringify({ ...RECORD, images: Array(2001).fill(IMAGE) }),
      'images: expected at most 2000 images',
    ],
    ['too many bytes', `${JSON.stringify(RECORD)}${' '.repeat(1024 * 1024)}`, 'has more than the 1048576 bytes'],
  ])('is refused with %s', (_, content, message) => {
    expect(() => readBuildRecord(content)).toThrow(message);
  });
});
