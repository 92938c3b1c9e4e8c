import { readdir } from 'node:fs/promises';
import * as v from 'valibot';
import { ARCHIVE_LIST, ARCHIVE_NUMBER } from '../archive.js';
import { imageSchema } from '../image.js';
import { readSmallFile } from './untrusted-files.js';

/** One entry of an archive's list: an image of ours and its digest. */
export interface ListedImage {
  app: string;
  image: string;
  digest: string;
}

const LIST_BYTES = 1024 * 1024;
const NUMBER_BYTES = 16;
const listSchema = v.array(v.pick(imageSchema, ['app', 'image', 'digest']));

/**
 * Reads the number of the pull request from an archive. It is untrusted: the caller compares it with what GitHub says.
 *
 * @throws Error when the archive has none
 */
export async function readArchiveNumber(archive: string): Promise<number> {
  const content = await fromArchive(() => readSmallFile(archive, [ARCHIVE_NUMBER], NUMBER_BYTES));
  const text = content.toString('latin1').trim();
  if (!/^[1-9]\d{0,9}$/.test(text)) {
    throw refused(`"${ARCHIVE_NUMBER}" holds ${JSON.stringify(text)}, expected the number of a pull request`);
  }
  return Number(text);
}

/**
 * Reads the list of images in an archive. Each must be a known image and listed once.
 *
 * @param known app by image, from reviewed content
 * @throws Error with the reason why the archive is refused
 */
export async function readArchiveList(archive: string, known: ReadonlyMap<string, string>): Promise<ListedImage[]> {
  const content = await fromArchive(() => readSmallFile(archive, [ARCHIVE_LIST], LIST_BYTES));
  const listed = parseList(content);
  const names = new Set<string>();
  for (const { app, image } of listed) {
    if (known.get(image) !== app) {
      const ours = [...known].map(([name, owner]) => `"${name}" of "${owner}"`).join(', ') || 'none';
      throw refused(
        `it has the image ${JSON.stringify(image)} of the app ${JSON.stringify(app)}, ` +
          `which the default branch does not have (it has ${ours}). An image that is new gets its preview once it is merged`,
      );
    }
    if (names.has(image)) {
      throw refused(`it lists the image "${image}" twice`);
    }
    names.add(image);
  }
  const others = (await readdir(archive)).filter((name) => ![...names, ARCHIVE_LIST, ARCHIVE_NUMBER].includes(name));
  if (others.length > 0) {
    throw refused(`it has ${JSON.stringify(others[0])} in it, which is not listed`);
  }
  return listed;
}

function parseList(content: Buffer): ListedImage[] {
  let value: unknown;
  try {
    value = JSON.parse(content.toString('utf8'));
  } catch {
    throw refused(`"${ARCHIVE_LIST}" is not JSON`);
  }
  const result = v.safeParse(listSchema, value);
  if (!result.success) {
    const issue = result.issues[0];
    throw refused(`"${ARCHIVE_LIST}" at "${v.getDotPath(issue) ?? '(top)'}": ${issue.message}`);
  }
  return result.output;
}

async function fromArchive<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw refused(error instanceof Error ? error.message : String(error));
  }
}

function refused(reason: string): Error {
  return new Error(`The archive is refused: ${reason}. Nothing was pushed.`);
}
