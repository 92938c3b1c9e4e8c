import * as v from 'valibot';
import type { RepositoryReader } from '../../../../github/repository-reader.js';
import { CLUSTERS_FOLDER, PREVIEWS_FOLDER } from '../../../preview-records/paths.js';
import type { FolderEntry } from '../../../tree/cached-tree.js';
import { textOf } from '../../../tree/github-tree.js';
import type { BranchState } from './read-state.js';

/** An entry of a folder with what came along of it: the text of a file, or the entries of a folder. */
interface Node {
  name: string;
  type: string;
  mode: number;
  oid: string;
  object?:
    | {
        text?: string | null | undefined;
        isBinary?: boolean | null | undefined;
        isTruncated?: boolean | undefined;
        entries?: Node[] | null | undefined;
      }
    | null
    | undefined;
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
 * Reads what all previews have at once, however many there are: git's ids of their files, and the texts of those that are no app's.
 * For where many are looked at; what does not come along is read file by file.
 *
 * @param hosts environments whose cluster has objects of previews
 */
export async function readPreviews(
  { head, cached, ids }: BranchState,
  reader: RepositoryReader,
  hosts: readonly string[],
): Promise<void> {
  if (head === undefined) {
    return;
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
    learnIds(ids, path, nodes);
  }
}

function toEntry({ name, type, mode, object }: Node): FolderEntry[] {
  if (type === 'tree') {
    return [{ name, type: 'folder', entries: object?.entries?.flatMap(toEntry) }];
  }
  const { text, isBinary = null, isTruncated } = object ?? {};
  const found = text == null || isTruncated === undefined ? undefined : { text, isBinary, isTruncated };
  const blob = found && textOf(mode, { __typename: 'Blob', oid: '', ...found });
  return type === 'blob' ? [{ name, type: 'file', text: blob }] : [];
}

function learnIds(ids: Map<string, string>, folder: string, nodes: readonly Node[]): void {
  for (const { name, type, oid, object } of nodes) {
    const path = `${folder}/${name}`;
    if (type === 'blob') {
      ids.set(path, oid);
    }
    learnIds(ids, path, object?.entries ?? []);
  }
}
