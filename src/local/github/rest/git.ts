import * as v from 'valibot';
import { formatTag, parseTag } from '../git/commit.js';
import type { GitObject } from '../git/objects.js';
import { gitCommitView, objectNodeId, refView, tagObjectView, treeEntries } from '../views/git.js';
import { apiUrlOf } from '../views/repository.js';
import { signatureOf } from '../world/identity.js';
import { createRef, deleteRef, demandRef, moveRef } from '../world/ref-service.js';
import { notFound, Refusal } from '../world/refusal.js';
import type { Repository } from '../world/repository.js';
import { changes, paginated, type Route, readBody, reads } from './router.js';

const contents = ['contents'];
const oid = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/, 'is not a full object id'));
const tagger = v.object({
  name: v.string(),
  email: v.string(),
  date: v.optional(v.pipe(v.string(), v.isoTimestamp())),
});
const newTag = v.object({
  tag: v.string(),
  message: v.string(),
  object: oid,
  type: v.picklist(['commit', 'tree', 'blob']),
  tagger: v.optional(tagger),
});

/** `git/*`: refs, annotated tags, commits, trees and blobs. */
export const gitRoutes: Route[] = [
  reads('/git/ref/{ref+}', contents, async ({ world, repository, params }) => {
    const name = `refs/${params.ref ?? ''}`;
    const object = await demandObject(repository, await demandRef(repository, name));
    return { status: 200, body: refView(world, repository, name, object) };
  }),
  reads('/git/matching-refs/{ref+}', contents, async (request) => {
    const { world, repository, params } = request;
    const refs = [...(await repository.refs.list(`refs/${params.ref ?? ''}`))];
    const show = async ([name, id]: [string, string]) =>
      refView(world, repository, name, await demandObject(repository, id));
    return { status: 200, body: await Promise.all(refs.map(show)) };
  }),
  changes('POST', '/git/refs', contents, async ({ world, repository, caller, body }) => {
    const { ref, sha } = readBody(v.object({ ref: v.string(), sha: oid }), body);
    await createRef(world, repository, caller, ref, sha);
    const view = refView(world, repository, ref, await demandObject(repository, sha));
    return { status: 201, body: view, headers: { location: view.url } };
  }),
  changes('PATCH', '/git/refs/{ref+}', contents, async ({ world, repository, caller, body, params }) => {
    const { sha, force } = readBody(v.object({ sha: oid, force: v.optional(v.boolean(), false) }), body);
    const name = `refs/${params.ref ?? ''}`;
    await moveRef(world, repository, caller, name, sha, force);
    return { status: 200, body: refView(world, repository, name, await demandObject(repository, sha)) };
  }),
  changes('DELETE', '/git/refs/{ref+}', contents, async ({ world, repository, caller, params }) => {
    await deleteRef(world, repository, caller, `refs/${params.ref ?? ''}`);
    return { status: 204 };
  }),
  changes('POST', '/git/tags', contents, async ({ world, repository, caller, body }) => {
    const input = readBody(newTag, body);
    await demandObject(repository, input.object);
    const own = signatureOf(world, caller.account);
    const { date, ...person } = input.tagger ?? own;
    const signature = { ...own, ...person, ...(date === undefined ? {} : { date: new Date(date) }) };
    const content = {
      tag: input.tag,
      object: input.object,
      type: input.type,
      tagger: signature,
      message: input.message,
    };
    const id = await repository.objects.write('tag', formatTag(content));
    return { status: 201, body: tagObjectView(world, repository, { oid: id, ...content }) };
  }),
  reads('/git/tags/{tag_sha}', contents, async ({ world, repository, params }) => {
    const object = await demandObject(repository, params.tag_sha ?? '', 'tag');
    return { status: 200, body: tagObjectView(world, repository, parseTag(object.oid, object.content)) };
  }),
  reads('/git/commits/{commit_sha}', contents, async ({ world, repository, params }) => {
    const object = await demandObject(repository, params.commit_sha ?? '', 'commit');
    const commit = await repository.history.commit(object.oid);
    if (commit === undefined) {
      throw notFound();
    }
    return { status: 200, body: gitCommitView(world, repository, commit) };
  }),
  reads('/git/trees/{tree_sha+}', contents, async ({ world, repository, params, query }) => {
    const tree = await repository.objects.read(`${params.tree_sha ?? ''}^{tree}`);
    if (tree === undefined) {
      throw notFound();
    }
    const url = apiUrlOf(world, repository);
    const entries = await treeEntries(repository, tree, query.has('recursive'));
    return {
      status: 200,
      body: {
        sha: tree.oid,
        url: `${url}/git/trees/${tree.oid}`,
        tree: entries.map((entry) => ({ ...entry, url: `${url}/git/${entry.type}s/${entry.sha}` })),
        truncated: false,
      },
    };
  }),
  reads('/git/blobs/{file_sha}', contents, async ({ world, repository, params }) => {
    const blob = await demandObject(repository, params.file_sha ?? '', 'blob');
    return {
      status: 200,
      body: {
        sha: blob.oid,
        node_id: objectNodeId(repository, 'B', blob.oid),
        size: blob.content.length,
        url: `${apiUrlOf(world, repository)}/git/blobs/${blob.oid}`,
        content: blob.content.toString('base64'),
        encoding: 'base64',
      },
    };
  }),
  reads('/tags', contents, async (request) => {
    const { world, repository } = request;
    const url = apiUrlOf(world, repository);
    const tags = [...(await repository.refs.list('refs/tags/'))].reverse();
    return paginated(request, tags, async ([ref, id]) => {
      const name = ref.slice('refs/tags/'.length);
      const sha = (await repository.history.commit(id))?.oid ?? id;
      return {
        name,
        commit: { sha, url: `${url}/commits/${sha}` },
        zipball_url: `${url}/zipball/${ref}`,
        tarball_url: `${url}/tarball/${ref}`,
        node_id: `REF_${repository.id}_${name}`,
      };
    });
  }),
];

/** @throws Refusal 404 when there is no such object, or it is of another type */
async function demandObject(repository: Repository, id: string, type?: GitObject['type']): Promise<GitObject> {
  if (!/^[0-9a-f]{40}$/.test(id)) {
    throw new Refusal(422, 'The sha parameter must be exactly 40 characters and contain only [0-9a-f].');
  }
  const object = await repository.objects.read(id);
  if (object === undefined || (type !== undefined && object.type !== type)) {
    throw notFound();
  }
  return object;
}
