import { createHash } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as v from 'valibot';
import { jsonInput, namesInput } from '../../src/runtime/inputs.js';
import { fits, MOST_BYTES, packed, unpacked } from '../../src/runtime/packed.js';

/** Images as build-push-image lists them, of which nothing but the digest differs much. */
const images = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    ...{
      app: `service-${index}`,
      image: `service-${index}`,
      repository: `ghcr.io/acme/service-${index}`,
      tag: '1.1.0',
    },
    digest: `sha256:${createHash('sha256').update(String(index)).digest('hex')}`,
    ...{ reused: false, platforms: ['linux/amd64'] },
  }));

afterEach(() => {
  delete process.env.INPUT_LIST;
});

test('what fits into a variable is JSON as ever', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(packed(value)).toBe(JSON.stringify(value));
      expect(unpacked(packed(value))).toBe(JSON.stringify(value));
    }),
  );
});

test('two thousand images are packed into one variable, and an input gives them back', () => {
  const list = images(2000);
  const text = packed(list);
  expect(text).toMatch(/^packed:[\w+/=]+$/);
  expect(text.length).toBeLessThanOrEqual(MOST_BYTES);
  expect(fits(list)).toBe(true);
  process.env.INPUT_LIST = text;
  expect(jsonInput('list', v.array(v.unknown()))).toEqual(list);
  process.env.INPUT_LIST = packed(list.map(({ repository }) => repository.repeat(20)));
  expect(namesInput('list')).toHaveLength(2000);
});

test.each(['packed:', 'packed:eyJ9', `packed:${Buffer.from('[]').toString('base64')}`])(
  'what is not whole is an error that names the input: %s',
  (text) => {
    process.env.INPUT_LIST = text;
    expect(() => jsonInput('list', v.array(v.string()))).toThrow(
      /^Input "list" is not JSON: what follows "packed:" cannot be unpacked \(.+\): pass an output on as it is$/,
    );
  },
);
