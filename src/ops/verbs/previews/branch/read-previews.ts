import * as v from 'valibot';
import type { RepositoryReader } from '../../../../github/repository-reader.js';
import { CLUSTERS_FOLDER, PREVIEWS_FOLDER } from '../../../preview-records/paths.js';
import type { FolderEntry } from '../../../tree/cached-tree.js';
import { type BlobText, textOf } from '../../../tree/github-tree.js';
import type { BranchState } from './read-state.js';

/** An entry of a folder with what came along of it: the text of a file, or the entries of a folder. */
interface Node {
  name: string;
  type: string;
  mode: number;
  oid: string;
  object?: (BlobText & { entries?: Node[] | null | undefined }) | null | undefined;
}

const nodeSchema: v.GenericSchema<unknown, Node> = v.object({
  ...{ name: v.string(), type: v.string(), mode: v.number(), oid: v.string() },
  object: v.nullish(
    v.object({
      ...{ text: v.nullish(v.string()), isBinary: v.nullish(v.boolean()), isTruncated: v.optional(v.boolean()) },
      entries: v.nullish(v.array(v.lazy(() => nodeSchema))),
    }),
  ),
});
const listSchema = v.nullable(v.object({ entries: v.nullish(v.array(nodeSchema)) }));

const ENTRY = 'name type mode oid';
const NAMES = `... on Tree { entries { ${ENTRY} } }`;
const TEXT = '... on Blob { text isBinary isTruncated }';
const FOLDER = `... on Tree { entries { ${ENTRY} object { ${TEXT} ${NAMES} } } }`;

/**
 * Reads what all previews have at once, however many there are: git's ids of their files, and the texts of those that are no app's,
 * which the branch's tree has then. For where many are looked at; what does not come along is read file by file.
 *
 * @param hosts environments whose cluster has objects of previews
 * @returns the ids by path from the root of the repository
 */
export async function readPreviews(
  { head, cached }: BranchState,
  reader: RepositoryReader,
  hosts: readonly string[],
): Promise<Map<string, string>> {
  if (head === undefined) {
    return new Map();
  }
  const list = async (path: string, selection: string) => {
    const found = await reader.load({
      text: (bind) => `object(expression: ${bind('String!', `${head}:${path}`)}) { ${selection} }`,
      schema: listSchema,
    });
    return { path, nodes: found?.entries ?? [] };
  };
  const folders = await Promise.all([
    list(PREVIEWS_FOLDER, `... on Tree { entries { ${ENTRY} object { ${FOLDER} } } }`),
    ...hosts.map((host) => list(`${CLUSTERS_FOLDER}/${host}`, FOLDER)),
  ]);
  for (const { path, nodes } of folders) {
    cached?.add({ path, entries: nodes.flatMap(toEntry) });
  }
  return new Map(folders.flatMap(({ path, nodes }) => idsIn(path, nodes)));
}

function toEntry({ name, type, mode, object }: Node): FolderEntry[] {
  if (type === 'tree') {
    return [{ name, type: 'folder', entries: object?.entries?.flatMap(toEntry) }];
  }
  return type === 'blob' ? [{ name, type: 'file', text: textOf(mode, object ?? null) }] : [];
}

function idsIn(folder: string, nodes: readonly Node[]): [path: string, id: string][] {
  return nodes.flatMap(({ name, type, oid, object }): [string, string][] => {
    const path = `${folder}/${name}`;
    return type === 'blob' ? [[path, oid]] : idsIn(path, object?.entries ?? []);
  });
}
