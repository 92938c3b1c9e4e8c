import * as v from 'valibot';
import type { GitHub } from '../../github/client.js';
import type { RepositoryName } from '../../github/context.js';
import type { Field, RepositoryReader } from '../../github/repository-reader.js';
import type { CachedTree, FolderEntry } from './cached-tree.js';
import type { TreeReader } from './tree-reader.js';

const REGULAR_FILES = new Set([0o100644, 0o100755]);
const SYMBOLIC_LINK = 0o120000;

const blobSchema = v.object({
  __typename: v.literal('Blob'),
  oid: v.string(),
  text: v.nullable(v.string()),
  isBinary: v.nullable(v.boolean()),
  isTruncated: v.boolean(),
});
const otherSchema = v.object({ __typename: v.string() });
const namesSchema = v.object({
  __typename: v.literal('Tree'),
  entries: v.nullable(v.array(v.object({ name: v.string(), type: v.string() }))),
});

const BLOB = '... on Blob { oid text isBinary isTruncated }';

/**
 * What is at a path of a commit. Only the mode shows a symbolic link: GitHub returns its target as the text of a file.
 */
const readSchema = v.nullable(
  v.object({
    file: v.optional(
      v.nullable(v.object({ mode: v.number(), object: v.nullable(v.union([blobSchema, otherSchema])) })),
    ),
  }),
);

/**
 * The tree of a commit on GitHub, read through GraphQL. Reads of one tick share a request. A text over the limit of
 * GraphQL (512 KB) is fetched through REST. `read` throws an Error for a symbolic link, which is never followed, and
 * for a binary file.
 *
 * @param oid full id of the commit
 * @see https://docs.github.com/graphql/reference/objects#blob
 */
export function githubTree(
  reader: RepositoryReader,
  github: GitHub,
  { owner, name }: RepositoryName,
  oid: string,
): TreeReader {
  return {
    async read(path) {
      const found = await reader.load({
        text: (bind) =>
          `object(expression: ${bind('String!', oid)}) { ... on Commit { file(path: ${bind('String!', path)}) { mode object { __typename ${BLOB} } } } }`,
        schema: readSchema,
      });
      const blob = v.safeParse(blobSchema, found?.file?.object);
      if (!blob.success) {
        return undefined;
      }
      if (found?.file?.mode === SYMBOLIC_LINK) {
        throw new Error(`${path} is a symbolic link, which is not followed. Put the file itself there.`);
      }
      if (blob.output.isBinary === true) {
        throw new Error(`${path} is a binary file, expected text.`);
      }
      return blob.output.isTruncated ? readWhole(github, owner, name, blob.output.oid) : (blob.output.text ?? '');
    },
    async list(path) {
      const object = await reader.load({
        text: (bind) =>
          `object(expression: ${bind('String!', `${oid}:${path}`)}) { __typename ... on Tree { entries { name type } } }`,
        schema: v.nullable(v.union([namesSchema, otherSchema])),
      });
      const tree = v.safeParse(namesSchema, object);
      return tree.success ? toEntries(tree.output.entries ?? []) : undefined;
    },
  };
}

/** GitHub's entries of a tree as ours. A submodule (type `commit`) is left out. */
export function toEntries(entries: { name: string; type: string }[]): { name: string; type: 'file' | 'folder' }[] {
  return entries
    .filter(({ type }) => type === 'blob' || type === 'tree')
    .map(({ name, type }) => ({ name, type: type === 'tree' ? 'folder' : 'file' }));
}

async function readWhole(github: GitHub, owner: string, repo: string, blob: string): Promise<string> {
  const { data } = await github.octokit.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', {
    owner,
    repo,
    file_sha: blob,
  });
  return Buffer.from(data.content, 'base64').toString('utf8');
}

/** The fields of an entry at the second level, below which nothing is fetched. */
const ENTRY = `name type mode object { __typename ${BLOB} }`;

/** The selection on a `GitObject` that fetches a folder with the texts of its files, two levels deep. */
export const FOLDER_SELECTION = `__typename ${BLOB} ... on Tree { entries { name type mode object { __typename ${BLOB} ... on Tree { entries { ${ENTRY} } } } } }`;

const leafSchema = v.object({
  name: v.string(),
  type: v.string(),
  mode: v.number(),
  object: v.nullable(v.union([blobSchema, otherSchema])),
});
const innerTreeSchema = v.object({ __typename: v.literal('Tree'), entries: v.nullable(v.array(leafSchema)) });
const folderEntrySchema = v.object({
  name: v.string(),
  type: v.string(),
  mode: v.number(),
  object: v.nullable(v.union([blobSchema, innerTreeSchema, otherSchema])),
});

/** The result of `FOLDER_SELECTION`. */
export const folderSchema = v.nullable(
  v.union([
    v.object({ __typename: v.literal('Tree'), entries: v.nullable(v.array(folderEntrySchema)) }),
    blobSchema,
    otherSchema,
  ]),
);

/** The query of what is at a path of a commit: a file, or a folder with its content. */
export function objectAt(oid: string, path: string): Field<typeof folderSchema> {
  return {
    text: (bind) => `object(expression: ${bind('String!', `${oid}:${path}`)}) { ${FOLDER_SELECTION} }`,
    schema: folderSchema,
  };
}

type FolderObject = v.InferOutput<typeof folderSchema>;
type FolderNode = v.InferOutput<typeof folderEntrySchema>;

/**
 * Adds what was found at a path (a file, a folder, or nothing) to a cached tree of the same commit. The tree still
 * reads what was not fetched whole.
 */
export function addToCache(tree: CachedTree, path: string, mode: number, object: FolderObject): void {
  if (object === null) {
    tree.addAbsent(path);
  } else if ('entries' in object) {
    tree.add({ path, entries: (object.entries ?? []).flatMap(toEntry) });
  } else {
    const text = textOf(mode, object);
    if (text !== undefined) {
      tree.addFile(path, text);
    }
  }
}

function toEntry({ name, type, mode, object }: FolderNode): FolderEntry[] {
  if (type === 'tree') {
    const inner = object !== null && 'entries' in object ? object.entries : undefined;
    return [{ name, type: 'folder', entries: inner?.flatMap(toEntry) }];
  }
  return type === 'blob' ? [{ name, type: 'file', text: textOf(mode, object) }] : [];
}

/** What is asked of a file; of a folder nothing of it is there. */
export interface BlobText {
  __typename?: string;
  text?: string | null | undefined;
  isBinary?: boolean | null | undefined;
  isTruncated?: boolean | undefined;
}

/** The text of a regular file, where it was fetched whole. */
export function textOf(mode: number, object: BlobText | null): string | undefined {
  const isWhole = object?.isTruncated === false && object.isBinary !== true;
  return isWhole && REGULAR_FILES.has(mode) ? (object.text ?? undefined) : undefined;
}
