import * as v from 'valibot';
import { type Connected, nameOf } from '../../github/connected.js';
import { attempt, isRefusal } from '../../github/errors.js';
import { readFailure } from '../../github/failure.js';
import { GraphqlErrors } from '../../github/graphql-error.js';
import { type Bind, type RepositoryReader, repositoryReader } from '../../github/repository-reader.js';
import { type PackageVersion, type PullFacts, pullTags } from './over.js';

/** Where GitHub keeps the packages of an owner. */
export interface PackageOwner {
  /** `/orgs/acme` or `/users/ada` */
  path: string;
  /** Page of the owner's packages: `https://github.com/orgs/acme/packages` */
  page: string;
}

const versionSchema = v.object({
  id: v.number(),
  metadata: v.optional(v.object({ container: v.optional(v.object({ tags: v.array(v.string()) })) })),
});

/** Versions that are looked at, a hundred a request. */
const MOST_PAGES = 20;

/** Whose packages those of a repository's owner are. */
export async function ownerOf(apps: Connected, serverUrl: string): Promise<PackageOwner> {
  const schema = v.object({ __typename: v.string(), login: v.string() });
  const reader = repositoryReader(apps.github, apps.repository, 'PackageOwner');
  const owner = await reader.load({ text: () => 'owner { __typename login }', schema });
  const path = `/${owner.__typename === 'Organization' ? 'orgs' : 'users'}/${owner.login}`;
  return { path, page: `${serverUrl}${path}/packages` };
}

/**
 * All versions of a package, newest first.
 *
 * @returns `undefined` where there is no such package for the token
 * @throws Error where it has more versions than are looked at, or what a failed request throws
 */
export async function versionsOf(
  { github }: Connected,
  { path }: PackageOwner,
  name: string,
): Promise<PackageVersion[] | undefined> {
  const versions: PackageVersion[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const route =
      `GET ${path}/packages/container/${encodeURIComponent(name)}/versions?per_page=100&page=${page}` as const;
    const answer = await github.octokit.request(route).catch(notFound);
    if (answer === undefined) {
      return page === 1 ? undefined : versions;
    }
    const found = v.parse(v.array(versionSchema), answer.data);
    versions.push(...found.map(({ id, metadata }) => ({ id, tags: metadata?.container?.tags ?? [] })));
    if (found.length < 100) {
      return versions.sort((one, other) => other.id - one.id);
    }
  }
  throw new Error(`The package ${name} has more than the ${MOST_PAGES * 100} versions that are looked at.`);
}

/** What GitHub knows of the pull requests and commits that tags of versions name: one request for a hundred of them. */
export async function pullFacts(apps: Connected, versions: readonly PackageVersion[]): Promise<PullFacts> {
  const tags = pullTags(versions);
  const reader = repositoryReader(apps.github, apps.repository, 'PullRequestsOfImages');
  const operation = {
    doing: 'read the pull requests that images are of',
    repository: nameOf(apps),
    permission: 'contents: read" and "pull-requests: read',
  };
  const numbers = [...new Set(tags.map(({ number }) => number))];
  const shas = [...new Set(tags.map(({ sha }) => sha))];
  const [states, commits] = await attempt(operation, () =>
    Promise.all([
      Promise.all(numbers.map((number) => closedOf(reader, number))),
      Promise.all(shas.map((sha) => commitOf(reader, sha))),
    ]),
  );
  return { closed: new Set(states.flat()), commits: new Set(commits.flat()) };
}

async function closedOf(reader: RepositoryReader, number: number): Promise<number[]> {
  const schema = v.nullable(v.object({ state: v.string() }));
  const text = (bind: Bind) => `pullRequest(number: ${bind('Int!', number)}) { state }`;
  const found = await reader.load({ text, schema }).catch(isNowhere);
  return found == null || found.state === 'OPEN' ? [] : [number];
}

async function commitOf(reader: RepositoryReader, sha: string): Promise<string[]> {
  const schema = v.nullable(v.object({ oid: v.string() }));
  const text = (bind: Bind) => `object(oid: ${bind('GitObjectID!', sha)}) { oid }`;
  const found = await reader.load({ text, schema }).catch(isNowhere);
  return found == null ? [] : [sha];
}

/** A tag may name anything. */
function isNowhere(error: unknown): undefined {
  if (error instanceof GraphqlErrors && error.errors.every(({ type }) => type === 'NOT_FOUND')) {
    return undefined;
  }
  throw error;
}

/**
 * Deletes a version, unless it has got another tag since.
 *
 * @returns whether it is gone; `undefined` where the token may not
 * @throws what a failed request throws
 */
export async function deleteVersion(
  { github }: Connected,
  { path }: PackageOwner,
  name: string,
  { id, tags }: PackageVersion,
): Promise<boolean | undefined> {
  const route = `${path}/packages/container/${encodeURIComponent(name)}/versions/${id}` as const;
  const answer = await github.octokit.request(`GET ${route}`).catch(notFound);
  const now = answer && (v.parse(versionSchema, answer.data).metadata?.container?.tags ?? []);
  if (now === undefined) {
    return true;
  }
  if (now.some((tag) => !tags.includes(tag))) {
    return false;
  }
  try {
    await github.octokit.request(`DELETE ${route}`);
    return true;
  } catch (error) {
    // GitHub keeps the last version that has a tag, and what was downloaded very often.
    if ([400, 422].includes(readFailure(error)?.status ?? 0)) {
      return false;
    }
    if (isRefusal(error)) {
      return undefined;
    }
    throw error;
  }
}

function notFound(error: unknown): undefined {
  if (isRefusal(error)) {
    return undefined;
  }
  throw error;
}
