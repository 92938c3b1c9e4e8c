import { createHash } from 'node:crypto';

/** Letters of an id of a repository whose objects are named by SHA-1; those of SHA-256 have more. */
const SHORT_ID = 40;

/** Git's id of a file with a text. @see https://git-scm.com/book/en/v2/Git-Internals-Git-Objects#_object_storage */
export function blobId(text: string, letters = SHORT_ID): string {
  const content = Buffer.from(text, 'utf8');
  const hash = createHash(letters === SHORT_ID ? 'sha1' : 'sha256');
  return hash.update(`blob ${content.length}\0`).update(content).digest('hex');
}

/** Whether a file of git has a text, told by its whole id alone. */
export function isBlobOf(id: string, text: string): boolean {
  return blobId(text, id.length) === id;
}
