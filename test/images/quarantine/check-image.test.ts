import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { Allowance } from '../../../src/images/quarantine/allowance.js';
import { checkImage } from '../../../src/images/quarantine/check-image.js';
import { pushChecked } from '../../../src/images/quarantine/push-checked.js';
import { type Manifest as Held, RegistryClient } from '../../../src/images/registry.js';
import { startRegistry } from '../../../src/local/registry/registry.js';
import { files, type Manifest, openTestArchive, type Part, type TestArchive } from './support.js';

const MIB = 1024 * 1024;
const INDEX = 'application/vnd.oci.image.index.v1+json';
const TAR = 'application/vnd.oci.image.layer.v1.tar';

const check = ({ root }: TestArchive, { digest }: { digest: string }, bytes = MIB) =>
  checkImage(root, { image: 'shop-web', digest }, new Allowance(bytes));

const blobPath = ({ root }: TestArchive, { digest }: Part) =>
  join(root, 'shop-web/blobs/sha256', digest.slice('sha256:'.length));

const platform = (architecture: string) => ({ os: 'linux', architecture });

async function index(archive: TestArchive, change: (index: Record<string, unknown>) => unknown = (same) => same) {
  const one = await archive.image('shop-web');
  const two = await archive.image('shop-web', gzipSync(await files({ header: { name: 'other' } })));
  const manifests = [
    { ...one, platform: platform('amd64') },
    { ...two, platform: platform('arm64') },
  ];
  return archive.json('shop-web', INDEX, change({ schemaVersion: 2, mediaType: INDEX, manifests }));
}

describe('an image that is what its digest says', () => {
  test('is pushed whole, and read back', async () => {
    await using archive = await openTestArchive();
    await using registry = await startRegistry({ users: { ada: 'right' } });
    const credentials = { username: 'ada', password: 'right' };
    const client = new RegistryClient({ registry: registry.address, credentials });
    const image = await archive.image('shop-web');
    const platforms = await pushChecked(client, 'acme/quarantine/shop-web', 'pr-1', await check(archive, image));
    expect(platforms).toEqual(['linux/arm64']);
    expect(await client.digest('acme/quarantine/shop-web', 'pr-1')).toBe(image.digest);
  });

  test('is pushed in vain where another run has put something else under the tag', async () => {
    await using archive = await openTestArchive();
    await using registry = await startRegistry();
    const other: Held = { digest: `sha256:${'0'.repeat(64)}`, mediaType: INDEX, content: Buffer.from('{}') };
    class Overtaken extends RegistryClient {
      override async manifest(): Promise<Held> {
        return other;
      }
    }
    const client = new Overtaken({ registry: registry.address });
    const checked = await check(archive, await archive.image('shop-web'));
    await expect(pushChecked(client, 'acme/web', 'pr-1', checked)).rejects.toThrow(
      `acme/web:pr-1 is ${other.digest} after the push of ${checked.manifest.digest}.`,
    );
  });

  test('may be one for several platforms', async () => {
    await using archive = await openTestArchive();
    await using registry = await startRegistry();
    const client = new RegistryClient({ registry: registry.address });
    const checked = await check(archive, await index(archive));
    expect(await pushChecked(client, 'acme/web', 'pr-1', checked)).toEqual(['linux/amd64', 'linux/arm64']);
  });

  test('may have layers that are not packed', async () => {
    await using archive = await openTestArchive();
    const image = await archive.image('shop-web', await files(), changed({ mediaType: TAR }));
    expect((await check(archive, image)).blobs).toHaveLength(2);
  });
});

/** A header as no program of ours writes it. */
async function forged(change: (header: Buffer) => void, rest: Buffer = Buffer.alloc(1024)): Promise<Buffer> {
  const header = (await files({ header: { name: 'a' } })).subarray(0, 512);
  change(header);
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return Buffer.concat([header, rest]);
}

const sized = (header: Buffer, size: string, type: string) => {
  header.write(size, 124, 'latin1');
  header.write(type, 156, 'latin1');
};

const extended = (pax: Record<string, string>) => () => files({ header: { name: 'a', pax }, content: 'b' });

/** What a layer must not have in it, and why it is refused then. */
const LAYERS: [what: string, layer: () => Promise<Buffer>, message: string][] = [
  [
    'a sparse file of GNU',
    () => forged((header) => sized(header, '00000000000\0', 'S')),
    'of a kind that is not known ("S")',
  ],
  ['a volume', () => forged((header) => sized(header, '00000000000\0', 'V')), 'of a kind that is not known ("V")'],
  ['a sparse file of pax', extended({ 'GNU.sparse.realsize': '9999999999' }), 'the sparse file "a"'],
  ['a sparse file of pax 1.0', extended({ 'GNU.sparse.major': '1' }), 'the sparse file "a"'],
  ['a size elsewhere', extended({ size: '1' }), 'the entry "a", whose size is not plain'],
  [
    'a link with a size',
    () => forged((header) => sized(header, '00000001000\0', '2')),
    'of the kind "2", which is no file and has a size',
  ],
  [
    'a folder with a size',
    () => forged((header) => sized(header, '00000001000\0', '5')),
    'of the kind "5", which is no file and has a size',
  ],
  [
    'a file that is a folder by its name, with a size',
    () => forged((header) => header.write('a/', 0, 'latin1') + header.write('00000001000\0', 124, 'latin1')),
    'is no file and has a size',
  ],
  [
    'an end too early',
    async () => (await files({ header: { name: 'a' }, content: 'bb' })).subarray(0, 700),
    'Unexpected end',
  ],
  ['text', async () => Buffer.from('x'.repeat(1024)), 'no header where one is due'],
  ['a wrong sum', async () => Buffer.from(await files()).fill('x', 0, 1), 'Invalid tar header'],
];

/** What a manifest is changed to, and why it is refused then. */
const manifests: [name: string, change: (manifest: Manifest) => unknown, message: string][] = [
  [
    'has a layer that is fetched from elsewhere',
    ({ layers, ...rest }) => ({ ...rest, layers: layers.map((each) => ({ ...each, urls: ['https://evil.example'] })) }),
    'its manifest at "layers.0.urls"',
  ],
  [
    'has a layer of another kind',
    ({ layers, ...rest }) => ({ ...rest, layers: layers.map((each) => ({ ...each, mediaType: `${TAR}+zstd` })) }),
    'its manifest at "layers.0.mediaType"',
  ],
  [
    'has a path for a digest',
    ({ config, ...rest }) => ({ ...rest, config: { ...config, digest: 'sha256:../../../number' } }),
    'its manifest at "config.digest": expected "sha256:" and 64 hex digits',
  ],
  ['can be read as an index, too', (manifest) => ({ ...manifest, manifests: [] }), 'its manifest at "manifests"'],
  ['has a size that is not that of its content', changed({ size: 1 }), 'is announced with 1 bytes, and has'],
  [
    'has a layer that is not there',
    changed({ digest: `sha256:${'f'.repeat(64)}` }),
    `"shop-web/blobs/sha256/${'f'.repeat(64)}" is not there`,
  ],
  ['has more layers than any', ({ layers, ...rest }) => ({ ...rest, layers: Array(257).fill(layers[0]) }), '"layers"'],
  ['belongs to another image', (manifest) => ({ ...manifest, subject: manifest.config }), 'its manifest at "subject"'],
];

function changed(part: Partial<Part>): (manifest: Manifest) => unknown {
  return ({ layers, ...rest }) => ({ ...rest, layers: layers.map((each) => ({ ...each, ...part })) });
}

describe('an image is refused that', () => {
  test.each(manifests)('%s', async (_name, change, message) => {
    await using archive = await openTestArchive();
    const image = await archive.image('shop-web', undefined, change);
    const checking = check(archive, image);
    await expect(checking).rejects.toThrow('The image "shop-web" of the archive is refused: ');
    await expect(checking).rejects.toThrow(message);
    await expect(checking).rejects.toThrow('Nothing was pushed.');
  });

  test('has other content than its digest says, in its manifest, configuration or layer', async () => {
    for (const part of ['manifest', 'config', 'layer'] as const) {
      await using archive = await openTestArchive();
      let parts: Manifest | undefined;
      const manifest = await archive.image('shop-web', undefined, (made) => {
        parts = made;
        return made;
      });
      const spoiled = part === 'manifest' ? manifest : part === 'config' ? parts?.config : parts?.layers[0];
      const { size = 0 } = spoiled ?? {};
      await writeFile(blobPath(archive, spoiled ?? manifest), 'x'.repeat(size));
      await expect(check(archive, manifest)).rejects.toThrow('is not what its digest says');
    }
  });

  test('has a link for a file, or for a folder on the way', async () => {
    await using archive = await openTestArchive();
    const image = await archive.image('shop-web');
    const path = blobPath(archive, image);
    await rename(path, `${path}-real`);
    await symlink(`${path}-real`, path);
    await expect(check(archive, image)).rejects.toThrow('is no regular file');
    await rename(join(archive.root, 'shop-web/blobs'), join(archive.root, 'elsewhere'));
    await symlink('../elsewhere', join(archive.root, 'shop-web/blobs'));
    await expect(check(archive, image)).rejects.toThrow('"shop-web/blobs" is no folder');
  });

  test('unpacks to more than is allowed, all layers together', async () => {
    await using archive = await openTestArchive();
    const zeros = await files({ header: { name: 'zeros' }, content: Buffer.alloc(8 * MIB - 2048) });
    const bomb = await archive.image('shop-web', gzipSync(zeros));
    await expect(check(archive, bomb, 7 * MIB)).rejects.toThrow('its layers have more than 7 MiB unpacked');
    await expect(check(archive, bomb, 8 * MIB)).resolves.toMatchObject({ image: 'shop-web' });
  });

  test('unpacks to more than is allowed in a layer that says to be plain', async () => {
    await using archive = await openTestArchive();
    const zeros = await files({ header: { name: 'zeros' }, content: Buffer.alloc(MIB) });
    const hidden = await archive.image('shop-web', gzipSync(zeros), changed({ mediaType: TAR }));
    await expect(check(archive, hidden, 2 * MIB)).rejects.toThrow(
      'one of its layers cannot be unpacked (no header where one is due',
    );
    const plain = await archive.image('shop-web', zeros, changed({ mediaType: TAR }));
    await expect(check(archive, plain)).rejects.toThrow('its layers have more than 1 MiB unpacked');
  });

  test('has a layer that is not packed as it is told to be', async () => {
    await using archive = await openTestArchive();
    const image = await archive.image('shop-web', Buffer.from('no gzip'));
    await expect(check(archive, image)).rejects.toThrow(
      'one of its layers cannot be unpacked (incorrect header check). Nothing was pushed.',
    );
    const cut = await archive.image('shop-web', gzipSync('files').subarray(0, 12));
    await expect(check(archive, cut)).rejects.toThrow('one of its layers cannot be unpacked (unexpected end of file)');
  });

  test.each(LAYERS)('has a layer with %s', async (_what, layer, message) => {
    await using archive = await openTestArchive();
    const image = await archive.image('shop-web', gzipSync(await layer()));
    await expect(check(archive, image)).rejects.toThrow(message);
  });

  test.each([
    ['{', 'its configuration is not JSON'],
    ['[]', 'its configuration at "os"'],
    ['{"os": "linux"}', 'its configuration at "architecture"'],
    ['{"os": "linux", "architecture": "arm64"}', 'its configuration at "rootfs"'],
    [
      '{"os": "linux", "architecture": "arm64", "rootfs": {"type": "layers", "diff_ids": []}}',
      'its configuration lists 0 layers, and its manifest 1',
    ],
    [
      `{"os": "linux", "architecture": "arm64", "rootfs": {"type": "layers", "diff_ids": ["sha256:${'0'.repeat(64)}"]}}`,
      `its configuration says that layer 1 is "sha256:${'0'.repeat(64)}" unpacked, and it is sha256:`,
    ],
  ])('has the configuration %j', async (configuration, message) => {
    await using archive = await openTestArchive();
    const image = await archive.image('shop-web', undefined, undefined, configuration);
    await expect(check(archive, image)).rejects.toThrow(message);
  });

  test('has something beside it that no part of it refers to', async () => {
    await using archive = await openTestArchive();
    const image = await archive.image('shop-web');
    await archive.write('shop-web/index.json', '{}');
    await archive.write('shop-web/oci-layout', '{}');
    await mkdir(join(archive.root, 'shop-web/ingest'));
    await expect(check(archive, image)).resolves.toMatchObject({ image: 'shop-web' });
    for (const path of ['run.sh', 'ingest/x', 'blobs/sha256/x', 'blobs/sha512/index.json', '.x']) {
      await using other = await openTestArchive();
      const same = await other.image('shop-web');
      await other.write(`shop-web/${path}`, 'id');
      await expect(check(other, same)).rejects.toThrow(`it has "shop-web/${path}" in it`);
    }
    await symlink('/etc/passwd', join(archive.root, 'shop-web/ingest/link'));
    await expect(check(archive, image)).rejects.toThrow('it has "shop-web/ingest/link" in it');
  });

  test('is an index of indexes, of too many, or of images somewhere else', async () => {
    await using archive = await openTestArchive();
    const inner = await index(archive);
    const refused = async (change: (index: Record<string, unknown>) => unknown, message: string) =>
      expect(check(archive, await index(archive, change))).rejects.toThrow(message);
    const listed = { ...inner, mediaType: 'application/vnd.oci.image.manifest.v1+json', platform: platform('amd64') };
    await refused((same) => ({ ...same, manifests: [listed] }), 'its index lists another index');
    await refused((same) => ({ ...same, manifests: Array(17).fill(listed) }), 'its index at "manifests"');
    await refused((same) => ({ ...same, manifests: [{ ...listed, urls: [] }] }), 'its index at "manifests.0.urls"');
    await refused((same) => ({ ...same, layers: [] }), 'its index at "layers"');
  });

  test('is no JSON', async () => {
    await using archive = await openTestArchive();
    const image = await archive.blob('shop-web', INDEX, Buffer.from('{'));
    await expect(check(archive, image)).rejects.toThrow('refused: its manifest is not JSON. Nothing was pushed.');
  });
});
