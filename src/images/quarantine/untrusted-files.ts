/** Reads files of a folder whose content is untrusted: names, links and sizes may all be hostile. */
import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** A regular file that was reached without following a link. */
export interface FoundFile {
  path: string;
  /** Bytes. */
  size: number;
}

/**
 * Finds a file without following a link on the way.
 *
 * @param root the folder, itself trusted
 * @param parts names of folders and of the file; the caller must not take them from the folder's content
 * @throws Error when the file does not exist or is not a regular file
 */
export async function findFile(root: string, parts: readonly string[]): Promise<FoundFile> {
  const shown = parts.join('/');
  let path = root;
  let size = 0;
  for (const [index, part] of parts.entries()) {
    path = join(path, part);
    const found = await lstat(path).catch(() => undefined);
    if (found === undefined) {
      throw new Error(`"${shown}" is not there`);
    }
    const isLast = index === parts.length - 1;
    if (isLast ? !found.isFile() : !found.isDirectory()) {
      throw new Error(`"${parts.slice(0, index + 1).join('/')}" is no ${isLast ? 'regular file' : 'folder'}`);
    }
    size = found.size;
  }
  return { path, size };
}

/**
 * Reads a small file, found as `findFile` does.
 *
 * @param limit bytes that it may have
 * @throws Error when the file does not exist, is not a regular file, or is larger
 */
export async function readSmallFile(root: string, parts: readonly string[], limit: number): Promise<Buffer> {
  const { path, size } = await findFile(root, parts);
  if (size > limit) {
    throw new Error(`"${parts.join('/')}" has ${size} bytes, more than the ${limit} that it may have`);
  }
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const content = Buffer.alloc(size);
    const { bytesRead } = await file.read(content, 0, size, 0);
    return content.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * Makes sure that a folder has nothing in it but these files and the folders that they are in, and no link. Empty folders
 * are nothing.
 *
 * @param folder path of the folder below `root`, of trusted names
 * @param files paths below the folder
 * @throws Error naming what else there is
 */
export async function expectOnly(root: string, folder: string, files: ReadonlySet<string>): Promise<void> {
  for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true })) {
    const path = relative(join(root, folder), join(entry.parentPath, entry.name)).split(sep).join('/');
    if (!entry.isDirectory() && !(entry.isFile() && files.has(path))) {
      throw new Error(
        `it has ${JSON.stringify(`${folder}/${path}`.slice(0, 200))} in it, which no part of it refers to`,
      );
    }
  }
}
