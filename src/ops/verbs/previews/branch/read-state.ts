import * as v from 'valibot';
import type { Field } from '../../../../github/repository-reader.js';
import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import { PREVIEW_NAME } from '../../../preview-records/name.js';
import {
  CLUSTERS_FOLDER,
  DEPLOYED_RECORDS,
  deployedFolder,
  PREVIEWS_FOLDER,
  previewOfFile,
  RECORDS_FOLDER,
} from '../../../preview-records/paths.js';
import type { OpenRepository } from '../../../repository/open-repository.js';
import { CachedTree } from '../../../tree/cached-tree.js';
import { githubTree, textOf, toEntries } from '../../../tree/github-tree.js';
import { memoTree } from '../../../tree/memo-tree.js';
import { NAME_PATTERN } from '../../../tree/name.js';
import { objectTree } from '../../../tree/object-tree.js';
import type { TreeReader } from '../../../tree/tree-reader.js';

/** What a git tree has under a name. */
export interface TreeEntry {
  name: string;
  /** `blob`, `tree`, or `commit` for a submodule. */
  type: string;
  /** As REST and git write it: `100644`, `040000`. */
  mode: string;
  oid: string;
}

/** The branch of previews at one commit. */
export interface BranchState {
  name: string;
  /** Full id of its commit; `undefined` where there is no branch. */
  head: string | undefined;
  /** Entries at the root, in `previews`, in `previews/records`, and in each `previews/clusters/<host>`. */
  root: TreeEntry[];
  previews: TreeEntry[];
  records: TreeEntry[];
  clusters: ReadonlyMap<string, TreeEntry[]>;
  tree: TreeReader;
  /** What is known of its tree, to which more can be added; `undefined` where there is no branch. */
  cached: CachedTree | undefined;
}

/** What the deployed branch has, which the branch of previews is made of. */
export interface DeployedState {
  name: string;
  oid: string;
  root: TreeEntry[];
  /** What is left of the time when previews were commits on it: their folders and records. */
  previews: TreeEntry[];
  records: TreeEntry[];
  /** What it has in the folder of objects of previews, by host environment. */
  objects: ReadonlyMap<string, DeployedObjects>;
  tree: TreeReader;
}

/** The folder of objects of previews of one cluster, on the deployed branch. */
export interface DeployedObjects {
  /** Names of previews whose objects are there still. */
  names: string[];
  /** Names of the other files. */
  others: string[];
}

/** Both branches of one moment. */
export interface PreviewsState {
  branch: BranchState;
  deployed: DeployedState;
}

const BLOB = '... on Blob { oid text isBinary isTruncated }';
const ENTRY = 'name type mode oid';

const entrySchema = v.object({ name: v.string(), type: v.string(), mode: v.number(), oid: v.string() });
const blobSchema = v.object({
  __typename: v.literal('Blob'),
  ...{ oid: v.string(), text: v.nullable(v.string()), isBinary: v.nullable(v.boolean()), isTruncated: v.boolean() },
});
const treeOf = <S extends v.GenericSchema>(entry: S) => v.object({ entries: v.array(entry) });
const fileOf = <S extends v.GenericSchema>(entry: S) => v.nullable(v.object({ object: treeOf(entry) }));

const commitSchema = v.object({
  __typename: v.literal('Commit'),
  oid: v.string(),
  tree: treeOf(entrySchema),
  previews: fileOf(entrySchema),
  records: fileOf(v.object({ ...entrySchema.entries, object: v.nullable(blobSchema) })),
  clusters: fileOf(v.object({ ...entrySchema.entries, object: v.nullable(treeOf(entrySchema)) })),
});
const refSchema = v.nullable(v.object({ target: commitSchema }));
const listSchema = v.nullable(v.object({ entries: v.array(entrySchema) }));

/** An opened repository, as far as this reads it. */
type Ops = Pick<OpenRepository, 'reader' | 'tree' | 'ops'> & { repo: Pick<OpenRepository['repo'], 'base' | 'baseOid'> };

/**
 * Reads the branch of previews, and what of the deployed branch it is made of: one request, whatever the size of both.
 *
 * A list that cannot be read whole is an error, and never an empty one.
 *
 * @throws GraphqlErrors when it cannot be read; Error where a place of previews is no folder
 */
export async function readState(
  { repo, reader, tree, ops }: Ops,
  { branch, host }: Pick<PreviewPolicy, 'branch' | 'host'>,
): Promise<PreviewsState> {
  const [ref, root, previews, records, objects] = await Promise.all([
    reader.load(branchField(branch)),
    reader.load(listField(`${repo.baseOid}:`)),
    reader.load(listField(`${repo.baseOid}:${PREVIEWS_FOLDER}`)),
    reader.load(listField(`${repo.baseOid}:${DEPLOYED_RECORDS}`)),
    objectsOf(tree, host),
  ]);
  if (root === null) {
    throw new Error(`GitHub gave no list of what ${repo.base} has at ${repo.baseOid.slice(0, 7)}. Run it again.`);
  }
  const at = (oid: string) => new CachedTree(githubTree(reader, ops.github, ops.repository, oid));
  const branchThere = ref === null ? noBranch(branch) : branchState(branch, ref.target, at(ref.target.oid));
  const left = entriesOf(records?.entries).filter(({ name }) => isFileOfPreview(name));
  const hosts = (await hostsOf(branchThere, tree, left)).filter((each) => each !== host);
  const elsewhere = await Promise.all(hosts.map(async (each) => [each, await objectsOf(tree, each)] as const));
  return {
    branch: branchThere,
    deployed: {
      ...{ name: repo.base, oid: repo.baseOid, tree },
      root: entriesOf(root.entries),
      previews: entriesOf(previews?.entries),
      records: left,
      objects: new Map([[host, objects], ...elsewhere]),
    },
  };
}

async function objectsOf(tree: TreeReader, host: string): Promise<DeployedObjects> {
  const names = ((await tree.list(deployedFolder(host))) ?? []).map(({ name }) => name);
  return {
    names: names.filter(isFileOfPreview).map(previewOfFile),
    others: names.filter((name) => !isFileOfPreview(name)),
  };
}

/** The host environments that records name, so that none is forgotten when the policy names another one. */
async function hostsOf(branch: BranchState, deployed: TreeReader, left: readonly TreeEntry[]): Promise<string[]> {
  const files = [
    ...branch.records
      .filter(({ name }) => isFileOfPreview(name))
      .map(({ name }) => [branch.tree, RECORDS_FOLDER, name] as const),
    ...left.map(({ name }) => [deployed, DEPLOYED_RECORDS, name] as const),
  ];
  const texts = await Promise.all(files.map(([tree, folder, name]) => tree.read(`${folder}/${name}`)));
  const hosts = texts.flatMap((text) => /^host: *["']?([\w.-]+)/m.exec(text ?? '')?.[1] ?? []);
  return [...new Set(hosts)].filter((host) => NAME_PATTERN.test(host));
}

function isFileOfPreview(name: string): boolean {
  return name.endsWith('.yaml') && PREVIEW_NAME.test(previewOfFile(name));
}

function branchField(branch: string): Field<typeof refSchema> {
  const folder = (path: string, entry: string) =>
    `file(path: "${path}") { object { ... on Tree { entries { ${entry} } } } }`;
  return {
    text: (
      bind,
    ) => `ref(qualifiedName: ${bind('String!', `refs/heads/${branch}`)}) { target { __typename ... on Commit {
      oid tree { entries { ${ENTRY} } }
      previews: ${folder(PREVIEWS_FOLDER, ENTRY)}
      records: ${folder(RECORDS_FOLDER, `${ENTRY} object { __typename ${BLOB} }`)}
      clusters: ${folder(CLUSTERS_FOLDER, `${ENTRY} object { ... on Tree { entries { ${ENTRY} } } }`)}
    } } }`,
    schema: refSchema,
  };
}

/** The entries of a folder; `null` where there is none. */
function listField(expression: string): Field<typeof listSchema> {
  return {
    text: (bind) => `object(expression: ${bind('String!', expression)}) { ... on Tree { entries { ${ENTRY} } } }`,
    schema: listSchema,
  };
}

function noBranch(name: string): BranchState {
  return {
    ...{ name, head: undefined, root: [], previews: [], records: [], clusters: new Map() },
    ...{ tree: objectTree({}), cached: undefined },
  };
}

function branchState(name: string, commit: v.InferOutput<typeof commitSchema>, cached: CachedTree): BranchState {
  const previews = listOf(PREVIEWS_FOLDER, commit.tree.entries, commit.previews);
  const records = listOf(RECORDS_FOLDER, previews, commit.records);
  const clusters = listOf(CLUSTERS_FOLDER, previews, commit.clusters);
  cached.add({
    path: PREVIEWS_FOLDER,
    entries: toEntries(previews).map((entry) =>
      entry.type === 'file'
        ? { ...entry, type: 'file', text: undefined }
        : { ...entry, type: 'folder', entries: undefined },
    ),
  });
  cached.add({
    path: RECORDS_FOLDER,
    entries: records.map(({ name: file, mode, object }) => ({
      ...{ name: file, type: 'file' },
      text: object === null ? undefined : textOf(mode, object),
    })),
  });
  return {
    ...{ name, head: commit.oid, root: entriesOf(commit.tree.entries) },
    previews: entriesOf(previews),
    records: entriesOf(records),
    clusters: new Map(
      clusters.map((host) => [host.name, entriesOf(listOf(`${CLUSTERS_FOLDER}/${host.name}`, clusters, host))]),
    ),
    ...{ tree: memoTree(cached), cached },
  };
}

/**
 * The entries of a folder on the branch, none where it has no such folder.
 *
 * @param above the entries of the folder that it is in
 * @throws Error where there is one and its list did not come: taken for empty, the next commit would lack all of it
 */
function listOf<E>(
  path: string,
  above: readonly { name: string; type: string }[],
  list: { object: { entries: E[] } | null } | null,
): E[] {
  const entries = list?.object?.entries;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (entries === undefined && above.some((entry) => entry.name === name && entry.type === 'tree')) {
    throw new Error(`GitHub gave no list of ${path} on the branch of previews, which has it. Run it again.`);
  }
  return entries ?? [];
}

function entriesOf(entries: readonly v.InferOutput<typeof entrySchema>[] | undefined): TreeEntry[] {
  return (entries ?? []).map(({ name, type, mode, oid }) => ({
    ...{ name, type, oid },
    mode: mode.toString(8).padStart(6, '0'),
  }));
}
