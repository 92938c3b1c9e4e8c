import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { blockKey, bytesAround, withBlock } from '../../../src/ops/pull-requests/body-block.js';

describe('our block in the text of a pull request', () => {
  test('is the whole text where there is none', () => {
    expect(withBlock('bump', '', '1.4.0', 'words')).toBe('<!-- ostack:bump 1.4.0 -->\nwords\n<!-- /ostack:bump -->');
  });

  test('goes below what people wrote', () => {
    expect(withBlock('bump', 'Mind the cache.\n', '1', 'words')).toMatch(/^Mind the cache\.\n\n<!-- ostack:bump 1 -->/);
  });

  test('is replaced in place, and what is around it stays, however often', () => {
    const text = fc.string().filter((part) => !part.includes('<!--'));
    fc.assert(
      fc.property(text, text, text, text, (above, below, first, second) => {
        const body = `${above}${withBlock('bump', '', 'k', first)}${below}`;
        const updated = withBlock('bump', body, 'k', second);
        expect(updated).toBe(`${above}${withBlock('bump', '', 'k', second)}${below}`);
        expect(withBlock('bump', updated, 'k', second)).toBe(updated);
        expect(bytesAround('bump', updated)).toBe(Buffer.byteLength(above + below));
      }),
    );
  });

  test('gives its key back, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (key) => {
        expect(blockKey('bump', withBlock('bump', 'text', key, 'content'))).toBe(key);
      }),
    );
  });

  test('is none where the closing mark is missing', () => {
    expect(blockKey('bump', '<!-- ostack:bump 1 --> cut off')).toBeUndefined();
  });
});
