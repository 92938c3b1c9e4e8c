import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { pack } from 'tar-stream';
import * as v from 'valibot';
import { Allowance } from '../../../src/images/quarantine/allowance.js';
import { checkLayer } from '../../../src/images/quarantine/check-layer.js';

interface Entry {
  name?: string;
  type?: string;
  /** The field as it is, 12 bytes. */
  size?: string;
  content?: string;
}

/** An archive as it would be in a file, of which each header may say what it likes. */
function archive(entries: readonly Entry[], end = '\0'.repeat(1024)): Buffer {
  return Buffer.concat([...entries.flatMap((entry) => [headerOf(entry), padded(entry.content ?? '')]), bytes(end)]);
}

const bytes = (text: string) => Buffer.from(text, 'latin1');

function padded(content: string): Buffer {
  return bytes(content.padEnd(Math.ceil(content.length / 512) * 512, '\0'));
}

function headerOf({ name = 'a', type = '0', content = '', size = octal(content.length) }: Entry): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0, 'latin1');
  block.write(`0000644\0${'0000000\0'.repeat(2)}`, 100, 'latin1');
  block.write(size, 124, 'latin1');
  block.write('00000000000\0        ', 136, 'latin1');
  block.write(type, 156, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

const octal = (size: number) => `${size.toString(8).padStart(11, '0')}\0`;

async function check(layer: Buffer, isPacked = false): Promise<string> {
  try {
    // One byte more than a block at a time, so that headers are torn.
    const parts = Array.from({ length: Math.ceil(layer.length / 513) }, (_, index) =>
      layer.subarray(index * 513, index * 513 + 513),
    );
    await checkLayer(Readable.from(parts), isPacked, new Allowance(10_000_000));
    return 'taken';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const GONE = 'x'.repeat(700);
const SPARSE = headerOf({ name: 'huge', type: 'S', size: '77777777777\0' }).toString('latin1');

/** Records after which some programs look no further, and some find a size. */
const EXTENDED = [
  ...[
    ' 12 size=99\n',
    '10 path=a\n 12 size=99\n',
    '+12 size=99\n',
    '012 size=99\n',
    '3 a\n11 size=99\n',
    '0 size=99\n',
  ],
  ...[
    '13 size\0x=99\n',
    '30 path=a\n',
    '10 path=a ',
    '5 =9\n',
    '10 path=a\n10 path=b\n',
    '12 path=a/\0\n',
    '8 path=\n',
    '\n',
  ],
];

describe('a layer is refused where programs may differ on where a file ends', () => {
  test.each<[what: string, layer: Buffer, reason: RegExp]>([
    [
      'a size that one reads as nothing and another one reads',
      archive([{ size: ` \0 00001000\0`, content: SPARSE }]),
      /whose size is not plain/,
    ],
    ['a size that ends in the middle', archive([{ size: '7 000000000\0', content: GONE }]), /not plain/],
    ['a size with digits that are none', archive([{ size: '00000000008\0', content: GONE }]), /not plain/],
    ['a negative size', archive([{ size: '\xff'.repeat(12) }]), /not plain/],
    ['a size larger than any', archive([{ size: `\x80\x01${'\0'.repeat(10)}` }]), /not plain/],
    [
      'an empty extended header, after which one reads too far',
      archive([{ type: 'x' }, { content: GONE }, { content: SPARSE }]),
      /more is said in ways/,
    ],
    [
      'two names of different kinds',
      archive([
        { type: 'x', content: '10 path=a\n' },
        { type: 'L', content: 'b/' },
        { type: '\0', content: GONE },
      ]),
      /more is said in ways/,
    ],
    ...EXTENDED.map((content): [string, Buffer, RegExp] => [
      `an extended header ${JSON.stringify(content.slice(0, 40))}, of which some read the rest`,
      archive([{ type: 'x', content }, { content: GONE }]),
      /more is said in ways/,
    ]),
    ['a name said twice', archive([{ type: 'L', content: 'b' }, { type: 'L', content: 'c' }, {}]), /more is said in/],
    ['something after its end', archive([{}], `${'\0'.repeat(512)}${SPARSE}`), /goes on after its end/],
    ['an end before what more was said of', archive([{ type: 'L', content: 'b' }]), /ends before the entry/],
    ['what counts for all entries after it', archive([{ type: 'g', content: '10 size=9\n' }, {}]), /not known \("g"\)/],
    ['a name as an old program wrote it', archive([{ type: 'N', content: 'b' }, {}]), /not known \("N"\)/],
    ['a link with a size', archive([{ type: '2', content: GONE }]), /of the kind "2", which is no file and has a size/],
    ['a sparse file', bytes(SPARSE), /not known \("S"\)/],
  ])('%s', async (_what, layer, reason) => {
    expect(await check(layer)).toMatch(reason);
    expect(await check(gzipSync(layer), true)).toMatch(reason);
  });
});

test.each<[what: string, layer: Buffer]>([
  ['nothing in it', archive([])],
  [
    'files, links and folders',
    archive([{ content: GONE }, { type: '2' }, { name: 'b/', type: '5' }, { type: '\0', content: 'a' }]),
  ],
  ['long names of GNU', archive([{ type: 'L', content: 'b' }, { type: 'K', content: 'c' }, { type: '2' }])],
  ['extended headers', archive([{ type: 'x', content: '10 path=a\n' }, { content: GONE }])],
  [
    'extended headers of more records, some with an equals sign, a blank or bytes in them, over a block and more',
    archive([
      { type: 'x', content: '28 SCHILY.xattr.user.a b=\0=\n10 path=a\n30 mtime=1350244992.023960108\n' },
      { type: '2' },
      { type: 'x', content: `810 comment=${'x'.repeat(797)}\n` },
      { content: GONE },
    ]),
  ],
  [
    'sizes with blanks, in binary and left out',
    archive([
      { size: '        144 ', content: 'x'.repeat(100) },
      { size: `\x80${'\0'.repeat(10)}\x02`, content: 'ab' },
      { size: '\0'.repeat(12) },
    ]),
  ],
  ['no end', archive([{ content: GONE }], '')],
])('a layer is taken with %s', async (_what, layer) => {
  expect(await check(layer)).toBe('taken');
});

test('a layer of another program is taken', async () => {
  const own = pack();
  own.entry({ name: `${'long/'.repeat(60)}name` }, 'some text');
  own.entry({ name: 'folder', type: 'directory' });
  own.entry({ name: 'ümlaut', type: 'symlink', linkname: 'folder' });
  own.finalize();
  const parts: Buffer[] = [];
  for await (const part of own) {
    parts.push(Buffer.from(v.parse(v.instance(Uint8Array), part)));
  }
  expect(await check(Buffer.concat(parts))).toBe('taken');
});
