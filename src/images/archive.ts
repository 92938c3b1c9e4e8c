/**
 * Images as files: how they get from a run without secrets to one that may push them.
 *
 *     <folder>/number                      number of the pull request, written by the workflow
 *     <folder>/images.json                 what was built, as the output `images`
 *     <folder>/<image>/blobs/sha256/<hex>  manifests, configurations and layers, as in an OCI image layout
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Image } from './image.js';

/** The list of what was built, in the folder of an archive. */
export const ARCHIVE_LIST = 'images.json';

/** File with the number of the pull request, in the folder of an archive. */
export const ARCHIVE_NUMBER = 'number';

/** The OCI layout of one image. */
export function archiveFolder(archive: string, image: string): string {
  return join(archive, image);
}

/**
 * Makes the folder of an archive.
 *
 * @throws Error when the folder is not empty: its files would be taken for built images
 */
export async function openArchive(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const [first] = await readdir(folder);
  if (first !== undefined) {
    throw new Error(`Input "archive" is "${folder}", which has "${first}" in it. Name a folder that is new or empty.`);
  }
}

/** Writes the list of the built images. */
export async function listArchive(folder: string, images: readonly Image[]): Promise<void> {
  await writeFile(join(folder, ARCHIVE_LIST), `${JSON.stringify(images, null, 2)}\n`);
}
