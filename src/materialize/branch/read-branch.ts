import { posix } from 'node:path';
import * as v from 'valibot';
import { type Connected, nameOf } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { type Field, repositoryReader } from '../../github/repository-reader.js';
import { githubTree } from '../../ops/tree/github-tree.js';
import { type FolderRecord, RECORD, readRecord } from '../manifests/record.js';
import { PARTS } from '../manifests/remote-parts.js';

/** A branch at one commit. */
export interface BranchState {
  repositoryId: string;
  branch: string;
  /** Full id of its commit; `undefined` where there is no branch. */
  head: string | undefined;
  /** Of that commit. */
  tree: string | undefined;
  parents: string[];
  message: string;
  folders: FolderState[];
}

/** A folder of a branch. */
export interface FolderState {
  /** From the root. */
  folder: string;
  /** Git's ids of all files in it, by path in the folder. */
  found: ReadonlyMap<string, string>;
  /** What was materialized to it; `undefined` where nothing was. */
  record: FolderRecord | undefined;
  /** Text of the file that says which remote parts it is made of; missing where there is none. */
  parts?: string | undefined;
}

const objectSchema = v.nullable(v.object({ type: v.string(), oid: v.string() }));
const commitSchema = v.object({
  __typename: v.literal('Commit'),
  ...{ oid: v.string(), message: v.string(), tree: v.object({ oid: v.string() }) },
  parents: v.object({ nodes: v.nullable(v.array(v.nullable(v.object({ oid: v.string() })))) }),
});
const refSchema = v.nullable(v.object({ target: v.looseObject(commitSchema.entries) }));
const treeSchema = v.object({
  truncated: v.boolean(),
  tree: v.array(v.object({ path: v.string(), type: v.string(), sha: v.string() })),
});

/**
 * Reads what is in folders of a branch: three requests for one folder and one more for each other, whatever the size of the
 * repository.
 *
 * @throws Error for people where it cannot be read whole: that is never an empty branch
 */
export async function readBranch(to: Connected, branch: string, folders: readonly string[]): Promise<BranchState> {
  const operation = { doing: `read the branch ${branch}`, repository: nameOf(to), permission: 'contents: read' };
  return attempt(operation, async () => {
    const reader = repositoryReader(to.github, to.repository, 'ReadMaterialized');
    const [repositoryId, ref] = await Promise.all([
      reader.load({ text: () => 'id', schema: v.string() }),
      reader.load(branchField(branch, folders)),
    ]);
    if (ref === null) {
      const nothing = folders.map((folder) => ({ folder, found: new Map<string, string>(), record: undefined }));
      return { repositoryId, branch, head: undefined, tree: undefined, parents: [], message: '', folders: nothing };
    }
    const { target } = ref;
    const files = githubTree(reader, to.github, to.repository, target.oid);
    const read = async (folder: string, index: number): Promise<FolderState> => {
      const place = folder === '' ? { type: 'tree', oid: target.tree.oid } : v.parse(objectSchema, target[`f${index}`]);
      if (place !== null && place.type !== 'tree') {
        throw new Error(`${folder} of the branch ${branch} is a file. Expected a folder, or nothing.`);
      }
      const path = posix.join(folder, RECORD);
      const [found, text, parts] = await Promise.all([
        place === null ? new Map<string, string>() : filesOf(to, place.oid, branch),
        files.read(path),
        files.read(posix.join(folder, PARTS)),
      ]);
      return { folder, found, record: text === undefined ? undefined : readRecord(text, path), parts };
    };
    return {
      ...{ repositoryId, branch, head: target.oid, tree: target.tree.oid, message: target.message },
      parents: (target.parents.nodes ?? []).flatMap((node) => node?.oid ?? []),
      folders: await Promise.all(folders.map(read)),
    };
  });
}

function branchField(branch: string, folders: readonly string[]): Field<typeof refSchema> {
  return {
    text: (bind) => {
      const objects = folders.map((folder, index) =>
        folder === '' ? '' : `f${index}: file(path: ${bind('String!', folder)}) { type oid }`,
      );
      return `ref(qualifiedName: ${bind('String!', `refs/heads/${branch}`)}) {
        target { __typename ... on Commit { oid message tree { oid } parents(first: 2) { nodes { oid } } ${objects.join(' ')} } }
      }`;
    },
    schema: refSchema,
  };
}

async function filesOf({ github, repository }: Connected, tree: string, branch: string): Promise<Map<string, string>> {
  const { data } = await github.octokit.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
    ...{ owner: repository.owner, repo: repository.name, tree_sha: tree, recursive: '1' },
  });
  const listed = v.parse(treeSchema, data);
  if (listed.truncated) {
    throw new Error(
      `The branch ${branch} has more files than GitHub lists. Expected at most 100,000: name a "folder" of it, or a branch of its own.`,
    );
  }
  return new Map(listed.tree.flatMap(({ path, type, sha }) => (type === 'tree' ? [] : [[path, sha] as const])));
}
