import { describe, expect, test } from '@jest/globals';
import { zipSync } from 'fflate';
import { unpackFile } from '../../src/github/artifact-file.js';

const archive = (files: Record<string, string>) =>
  Buffer.from(zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]))));
const unpack = (content: Buffer, limit = 100) => unpackFile(content, 'images.json', limit, 'The artifact');

describe('the file of an artifact', () => {
  test('is read to the last byte', () => {
    expect(unpack(archive({ 'images.json': '{"ä":1}\n' }))).toBe('{"ä":1}\n');
    expect(unpack(archive({ 'images.json': 'x'.repeat(100) }))).toHaveLength(100);
  });

  /** An archive that claims to have so many files. */
  function claiming(count: number): Buffer {
    const content = archive({ 'images.json': '{}' });
    content.writeUInt16LE(count, content.length - 22 + 8);
    content.writeUInt16LE(count, content.length - 22 + 10);
    return content;
  }

  test.each([
    ['of another name', archive({ 'other.json': '{}' }), 'has "other.json" of 2 bytes in it, expected images.json'],
    ['in a folder', archive({ 'a/images.json': '{}' }), 'has "a/images.json" of 2 bytes in it, expected images.json'],
    ['with another one', archive({ 'images.json': '{}', 'more.json': '{}' }), 'it has several files in it'],
    ['twice', claiming(2), 'is no archive of images.json'],
    ['among tens of thousands that are not there', claiming(65_535), 'is no archive of images.json'],
    ['that is too long', archive({ 'images.json': 'x'.repeat(101) }), 'has "images.json" of 101 bytes in it'],
    ['that is not there', archive({}), 'has nothing in it'],
    ['of no archive', Buffer.from('not an archive'), 'is no archive of images.json'],
    ['of nothing', Buffer.alloc(0), 'is no archive of images.json'],
    ['that is cut short', archive({ 'images.json': '{}' }).subarray(10), 'expected images.json'],
  ])('%s is refused', (_, content, message) => {
    expect(() => unpack(content)).toThrow(message);
  });

  test('that is longer than it claims is not read beyond that', () => {
    const content = archive({ 'images.json': 'x'.repeat(5000) });
    const directory = content.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
    content.writeUInt32LE(10, directory + 24);
    expect(unpack(content)).toBe('x'.repeat(10));
  });
});
