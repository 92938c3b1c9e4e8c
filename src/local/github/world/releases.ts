import { compare, valid } from 'semver';
import { announce } from '../events/simple.js';
import { releaseView } from '../views/release.js';
import type { Caller } from './accounts.js';
import type { ReleaseRecord } from './records.js';
import { createRef } from './ref-service.js';
import { invalid } from './refusal.js';
import type { Repository } from './repository.js';
import type { World } from './world.js';

export interface ReleaseInput {
  tag_name?: string | undefined;
  target_commitish?: string | undefined;
  name?: string | null | undefined;
  body?: string | null | undefined;
  draft?: boolean | undefined;
  prerelease?: boolean | undefined;
  make_latest?: 'true' | 'false' | 'legacy' | undefined;
}

/**
 * Creates a release. Publishing one whose tag is missing makes the tag at its target.
 *
 * @throws Refusal 422 when the tag has a published release already or the target does not exist
 */
export async function createRelease(world: World, repository: Repository, caller: Caller, input: ReleaseInput) {
  world.usage.create(caller);
  const release: ReleaseRecord = {
    id: world.nextId(),
    tag: input.tag_name ?? '',
    target: input.target_commitish ?? repository.defaultBranch,
    name: input.name ?? null,
    body: input.body ?? null,
    draft: input.draft ?? false,
    prerelease: input.prerelease ?? false,
    author: caller.account,
    createdAt: world.now(),
    publishedAt: undefined,
    makeLatest: input.make_latest ?? 'true',
    latestSince: 0,
  };
  await checkTag(repository, release);
  await publish(world, repository, caller, release);
  repository.releases.set(release.id, release);
  await announceRelease(world, repository, caller, release, 'created');
  if (!release.draft) {
    await announceRelease(world, repository, caller, release, release.prerelease ? 'prereleased' : 'released');
    await announceRelease(world, repository, caller, release, 'published');
  }
  return release;
}

/** Changes a release; a draft may be published by it. @throws Refusal like `createRelease` */
export async function updateRelease(
  world: World,
  repository: Repository,
  caller: Caller,
  release: ReleaseRecord,
  input: ReleaseInput,
): Promise<void> {
  const wasDraft = release.draft;
  const next: ReleaseRecord = {
    ...release,
    tag: input.tag_name ?? release.tag,
    target: input.target_commitish ?? release.target,
    name: input.name === undefined ? release.name : input.name,
    body: input.body === undefined ? release.body : input.body,
    draft: input.draft ?? release.draft,
    prerelease: input.prerelease ?? release.prerelease,
    makeLatest: input.make_latest ?? (wasDraft ? release.makeLatest : 'legacy'),
  };
  await checkTag(repository, next);
  Object.assign(release, next);
  await publish(world, repository, caller, release);
  await announceRelease(world, repository, caller, release, wasDraft && !release.draft ? 'published' : 'edited');
}

/**
 * The release GitHub marks as latest: the one marked last, else the newest by the date of its commit and its version.
 * Rule: https://docs.github.com/rest/releases/releases#get-the-latest-release
 */
export function latestRelease(repository: Repository): ReleaseRecord | undefined {
  const candidates = [...repository.releases.values()].filter(({ draft, prerelease }) => !draft && !prerelease);
  const newest = (a: ReleaseRecord, b: ReleaseRecord) =>
    b.latestSince - a.latestSince || b.createdAt.getTime() - a.createdAt.getTime() || byVersion(b, a) || b.id - a.id;
  return candidates.sort(newest)[0];
}

/** All releases, newest first. @param withDrafts for callers that may write */
export function listReleases(repository: Repository, withDrafts: boolean): ReleaseRecord[] {
  return [...repository.releases.values()]
    .filter(({ draft }) => withDrafts || !draft)
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || b.id - a.id);
}

async function checkTag(repository: Repository, release: ReleaseRecord): Promise<void> {
  const others = [...repository.releases.values()].filter(({ id }) => id !== release.id);
  if (!release.draft && others.some(({ draft, tag }) => !draft && tag === release.tag)) {
    throw invalid('Release', 'tag_name', 'already_exists');
  }
}

async function publish(world: World, repository: Repository, caller: Caller, release: ReleaseRecord): Promise<void> {
  if (release.draft) {
    return;
  }
  const ref = `refs/tags/${release.tag}`;
  if ((await repository.refs.get(ref)) === undefined) {
    const isOid = /^[0-9a-f]{40}$/.test(release.target);
    const target = isOid ? release.target : await repository.branch(release.target);
    const commit = target === undefined ? undefined : await repository.history.commit(target);
    if (commit === undefined) {
      throw invalid('Release', 'target_commitish', 'invalid');
    }
    await createRef(world, repository, caller, ref, commit.oid);
  }
  const commit = await repository.history.commit((await repository.refs.get(ref)) ?? '');
  release.createdAt = commit?.committer.date ?? release.createdAt;
  release.publishedAt ??= world.now();
  if (release.makeLatest === 'true' && !release.prerelease) {
    release.latestSince = world.nextId();
  } else if (release.makeLatest === 'false') {
    release.latestSince = 0;
  }
}

function byVersion(a: ReleaseRecord, b: ReleaseRecord): number {
  const [left, right] = [versionOf(a.tag), versionOf(b.tag)];
  return left === null || right === null ? 0 : compare(left, right);
}

function versionOf(tag: string): string | null {
  return valid(tag.replace(/^.*?v?(?=\d+\.\d+\.\d+)/, ''));
}

async function announceRelease(
  world: World,
  repository: Repository,
  caller: Caller,
  release: ReleaseRecord,
  action: string,
): Promise<void> {
  const ref = `refs/tags/${release.tag}`;
  const tagged = await repository.history.commit((await repository.refs.get(ref)) ?? '');
  await announce(world, repository, caller, {
    name: 'release',
    action,
    ref,
    ...(tagged === undefined ? {} : { sha: tagged.oid }),
    payload: { release: releaseView(world, repository, release) },
  });
}
