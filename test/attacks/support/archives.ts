/** Archives of images that the run of a fork leaves, and what comes of them. */
import { gzipSync } from 'node:zlib';
import { Allowance } from '../../../src/images/quarantine/allowance.js';
import { checkImage } from '../../../src/images/quarantine/check-image.js';
import { readArchiveList } from '../../../src/images/quarantine/read-archive.js';
import {
  files,
  KNOWN,
  type Manifest,
  openTestArchive,
  type Part,
  type TestArchive,
} from '../../images/quarantine/support.js';
import { saidBy } from './plain-deeds.js';

export { files, type Manifest, type TestArchive };

/** Bytes that the layers of an archive may have unpacked. */
export const ALLOWED_BYTES = 1024 * 1024;
export const TAKEN = /^takes shop-web$/;

/** What comes of an archive. @param fill puts images there, and returns the digest of the one that is listed */
export async function archive(fill: (archive: TestArchive) => Promise<Pick<Part, 'digest'>>): Promise<string> {
  await using made = await openTestArchive();
  const { digest } = await fill(made);
  await made.list({ digest });
  return await judged(made);
}

/** What comes of an archive as it is. */
export function judged({ root }: TestArchive): Promise<string> {
  return saidBy(async () => {
    const images = await readArchiveList(root, KNOWN);
    const allowance = new Allowance(ALLOWED_BYTES);
    const names: string[] = [];
    for (const listed of images) {
      names.push((await checkImage(root, listed, allowance)).image);
    }
    return `takes ${names.join()}`;
  });
}

/** An archive whose one image has one layer. @param change of its manifest */
export function layered(layer: Buffer, change?: (manifest: Manifest) => unknown): Promise<string> {
  return archive((made) => made.image('shop-web', layer, change));
}

/** The same with the layer packed. */
export const packed = (layer: Buffer) => layered(gzipSync(layer));

/** A manifest with something of its layers otherwise. */
export function withLayers(part: object): (manifest: Manifest) => unknown {
  return ({ layers, ...rest }) => ({ ...rest, layers: layers.map((each) => ({ ...each, ...part })) });
}

/** The first header of a layer, changed, with its sum made right again. */
export function forgedHeader(layer: Buffer, change: (header: Buffer) => void): Buffer {
  const forged = Buffer.from(layer);
  const header = forged.subarray(0, 512);
  change(header);
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return forged;
}
