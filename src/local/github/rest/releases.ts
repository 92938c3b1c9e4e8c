import * as v from 'valibot';
import { releaseView } from '../views/release.js';
import type { ReleaseRecord } from '../world/records.js';
import { notFound } from '../world/refusal.js';
import { createRelease, latestRelease, listReleases, updateRelease } from '../world/releases.js';
import { allows } from '../world/world.js';
import {
  changes,
  paginated,
  type RepositoryRequest,
  type RestResponse,
  type Route,
  readBody,
  reads,
} from './router.js';

const contents = ['contents'];
const fields = {
  target_commitish: v.optional(v.string()),
  name: v.nullish(v.string()),
  body: v.nullish(v.string()),
  draft: v.optional(v.boolean()),
  prerelease: v.optional(v.boolean()),
  make_latest: v.optional(v.picklist(['true', 'false', 'legacy'])),
};
const newRelease = v.object({ ...fields, tag_name: v.string() });
const changedRelease = v.object({ ...fields, tag_name: v.optional(v.string()) });

/** `releases`: create, list, read, change, delete. Assets and generated notes are not supported. */
export const releaseRoutes: Route[] = [
  changes('POST', '/releases', contents, async ({ world, repository, caller, body }) => {
    const release = await createRelease(world, repository, caller, readBody(newRelease, body));
    const view = releaseView(world, repository, release);
    return { status: 201, body: view, headers: { location: view.url } };
  }),
  reads('/releases', contents, async (request) => {
    const { world, repository, caller } = request;
    const releases = listReleases(repository, allows(caller, repository, contents, 'write'));
    return paginated(request, releases, (release) => releaseView(world, repository, release));
  }),
  reads('/releases/latest', contents, async (request) => answer(request, latestRelease(request.repository))),
  reads('/releases/tags/{tag+}', contents, async (request) => {
    const published = listReleases(request.repository, false);
    return answer(
      request,
      published.find(({ tag }) => tag === request.params.tag),
    );
  }),
  reads('/releases/{release_id}', contents, async (request) => answer(request, releaseOf(request))),
  changes('PATCH', '/releases/{release_id}', contents, async (request) => {
    const { world, repository, caller, body } = request;
    const release = releaseOf(request);
    if (release !== undefined) {
      await updateRelease(world, repository, caller, release, readBody(changedRelease, body));
    }
    return answer(request, release);
  }),
  changes('DELETE', '/releases/{release_id}', contents, async (request) => {
    const release = releaseOf(request);
    if (release === undefined) {
      throw notFound();
    }
    request.repository.releases.delete(release.id);
    return { status: 204 };
  }),
];

function releaseOf({ repository, params }: RepositoryRequest): ReleaseRecord | undefined {
  return repository.releases.get(Number(params.release_id));
}

function answer({ world, repository }: RepositoryRequest, release: ReleaseRecord | undefined): RestResponse {
  if (release === undefined) {
    throw notFound();
  }
  return { status: 200, body: releaseView(world, repository, release) };
}
