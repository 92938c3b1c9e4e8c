import * as v from 'valibot';
import { formatCommit } from '../git/commit.js';
import { editTree, type TreeEdit } from '../git/tree.js';
import { gitCommitView, treeEntries } from '../views/git.js';
import { apiUrlOf } from '../views/repository.js';
import { githubSignature, signatureOf } from '../world/identity.js';
import { Refusal } from '../world/refusal.js';
import type { Repository } from '../world/repository.js';
import { changes, type Route, readBody } from './router.js';

const oid = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/, 'is not a full object id'));

const newTree = v.object({
  base_tree: v.optional(oid),
  tree: v.array(
    v.object({
      path: v.string(),
      mode: v.picklist(['100644', '100755', '040000', '160000', '120000']),
      type: v.optional(v.picklist(['blob', 'tree', 'commit'])),
      sha: v.optional(v.nullable(oid)),
      content: v.optional(v.string()),
    }),
  ),
});

const person = v.object({
  name: v.string(),
  email: v.string(),
  date: v.optional(v.pipe(v.string(), v.isoTimestamp())),
});
const newCommit = v.object({
  message: v.string(),
  tree: oid,
  parents: v.optional(v.array(oid), []),
  author: v.optional(person),
  committer: v.optional(person),
});

type NewEntry = v.InferOutput<typeof newTree>['tree'][number];

/** Writing trees and commits, which no ref leads to before one is moved. */
export const gitWriteRoutes: Route[] = [
  changes('POST', '/git/trees', ['contents'], async ({ world, repository, body }) => {
    const { base_tree: base, tree } = readBody(newTree, body);
    if (tree.length === 0) {
      throw new Refusal(422, 'Invalid tree info');
    }
    if (base !== undefined) {
      await demandType(repository, base, 'tree', 'base_tree');
    }
    const edits = new Map<string, TreeEdit>();
    for (const entry of tree) {
      edits.set(checkedPath(entry.path), await editOf(repository, base, entry));
    }
    const within = [...edits.keys()].find((path) => [...edits.keys()].some((other) => path.startsWith(`${other}/`)));
    if (within !== undefined) {
      throw new Refusal(501, `${within} is in another entry of the tree, which is not supported by the local GitHub`);
    }
    const id = (await editTree(repository.objects, base, edits)) ?? (await repository.objects.write('tree', ''));
    const object = await demandType(repository, id, 'tree', 'tree');
    const url = apiUrlOf(world, repository);
    const entries = await treeEntries(repository, object, false);
    return {
      status: 201,
      body: {
        ...{ sha: id, url: `${url}/git/trees/${id}`, truncated: false },
        tree: entries.map((entry) => ({ ...entry, url: `${url}/git/${entry.type}s/${entry.sha}` })),
      },
    };
  }),
  changes('POST', '/git/commits', ['contents'], async ({ world, repository, caller, body }) => {
    const input = readBody(newCommit, body);
    await demandType(repository, input.tree, 'tree', 'Tree SHA');
    for (const parent of input.parents) {
      await demandType(repository, parent, 'commit', 'Parent SHA');
    }
    const own = signatureOf(world, caller.account);
    const named = (given: v.InferOutput<typeof person> | undefined) => {
      const { date, ...who } = given ?? own;
      return { ...own, ...who, ...(date === undefined ? {} : { date: new Date(date) }) };
    };
    // GitHub commits, and so signs, what an App names no author of.
    const committer =
      input.author === undefined && input.committer === undefined
        ? githubSignature(world)
        : named(input.committer ?? input.author);
    const content = { ...input, author: named(input.author), committer };
    const id = await repository.objects.write('commit', formatCommit(content));
    return { status: 201, body: gitCommitView(world, repository, { oid: id, ...content }) };
  }),
];

function checkedPath(path: string): string {
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..' || part === '.git')) {
    throw new Refusal(422, 'tree.path contains a malformed path component');
  }
  return path;
}

/** @throws Refusal 422 where the object is not there, is of another type, or a path to delete is not there */
async function editOf(repository: Repository, base: string | undefined, entry: NewEntry): Promise<TreeEdit> {
  const { path, mode, sha, content } = entry;
  if ((sha === undefined) === (content === undefined)) {
    throw new Refusal(422, 'Must supply either tree.sha or tree.content');
  }
  if (content !== undefined) {
    return { oid: await repository.objects.write('blob', content), mode };
  }
  if (sha === undefined || sha === null) {
    if (base === undefined || (await repository.objects.read(`${base}:${path}`)) === undefined) {
      throw new Refusal(422, 'GitRPC::BadObjectState');
    }
    return null;
  }
  if (mode !== '160000') {
    await demandType(repository, sha, mode === '040000' ? 'tree' : 'blob', `tree.sha ${sha}`);
  }
  return { oid: sha, mode: mode.replace(/^0/, '') };
}

async function demandType(repository: Repository, id: string, type: 'tree' | 'commit' | 'blob', what: string) {
  const object = await repository.objects.read(id);
  if (object === undefined || object.type !== type) {
    throw new Refusal(422, `${what} does not exist or is not a ${type} object`);
  }
  return object;
}
