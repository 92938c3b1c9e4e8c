import { posix } from 'node:path';
import * as v from 'valibot';
import { type Connected, nameOf } from '../../github/connected.js';
import { explain, isRequestFailure } from '../../github/errors.js';
import { type RepositoryReader, repositoryReader } from '../../github/repository-reader.js';
import { RECORD } from '../../materialize/manifests/record.js';
import { isAway, isOfEachApp, placeName, renderedFolder } from '../policy/places.js';
import type { Policy, PolicyEnvironment } from '../policy/policy.js';
import { connectedAt } from './connected-at.js';

/** Where the sources of environments are. */
export interface Sources {
  /** Says of each environment where its source is: where its branch is rendered, that is the default branch. */
  policy: Policy;
  /** Why nobody knows of an environment whether its branch is rendered, by its name: its repository cannot be read. */
  untold: ReadonlyMap<string, Error>;
}

const fileSchema = v.nullable(v.object({ type: v.string() }));
const refSchema = v.nullable(v.object({ target: v.object({ own: v.optional(fileSchema) }) }));

/**
 * Finds where the source of each environment is: where materialize renders the branch that it lives on, of this repository or of
 * another one, that is the default branch of this one. One request for each repository in which environments live on branches, none
 * where they do not.
 *
 * @param policy a settled one
 * @param readerOf the reader of a repository, `undefined` for the policy's own; see `readersOf`
 * @throws what a failed request to the policy's own repository throws; one that fails elsewhere is told of its environments
 */
export async function sourcesOf(
  ops: Connected,
  policy: Policy,
  readerOf: (repository: string | undefined) => RepositoryReader,
): Promise<Sources> {
  // A promotion that merges branches is one of these branches, whatever they have; and nothing is rendered into repositories of apps.
  const asked = policy.environments.filter(
    (each) => isAway(each) && !isMerged(policy, each) && !isOfEachApp(each.repository),
  );
  const untold = new Map<string, Error>();
  const found = await Promise.all(
    asked.map(async (each) => {
      try {
        return (await isRendered(readerOf(each.repository), policy, each)) ? [each.name] : [];
      } catch (error) {
        if (each.repository === undefined || !isRequestFailure(error)) {
          throw error;
        }
        untold.set(each.name, untoldError(ops, each, error));
        return [];
      }
    }),
  );
  return { policy: writtenAtHome(policy, new Set(found.flat())), untold };
}

/** A policy by which environments live on the default branch of its own repository. @param names of these environments */
export function writtenAtHome(policy: Policy, names: { has(name: string): boolean; size: number }): Policy {
  const atHome = ({ branch, repository, ...rest }: PolicyEnvironment): PolicyEnvironment => rest;
  const environments = () => policy.environments.map((each) => (names.has(each.name) ? atHome(each) : each));
  return names.size === 0 ? policy : { ...policy, environments: environments() };
}

/** The reader of each repository, one for all that is asked of it. @param own that of the policy's own */
export function readersOf(ops: Connected, own: RepositoryReader): (repository: string | undefined) => RepositoryReader {
  const known = new Map<string, RepositoryReader>();
  return (repository) => {
    if (repository === undefined) {
      return own;
    }
    const there = connectedAt(ops, { repository });
    const key = repository.toLowerCase();
    const reader = known.get(key) ?? repositoryReader(there.github, there.repository, 'ReadRendered');
    known.set(key, reader);
    return reader;
  };
}

/** Whether the folder of an environment, on the branch that it lives on, has the list that materialize keeps. */
async function isRendered(
  reader: RepositoryReader,
  { environments }: Policy,
  environment: PolicyEnvironment,
): Promise<boolean> {
  const { branch } = environment;
  const file = posix.join(renderedFolder(environments, environment), RECORD);
  const found = await reader.load({
    text: (bind) => {
      const ref =
        branch === undefined ? 'defaultBranchRef' : `ref(qualifiedName: ${bind('String!', `refs/heads/${branch}`)})`;
      return `${ref} { target { ... on Commit { own: file(path: ${bind('String!', file)}) { type } } } }`;
    },
    schema: refSchema,
  });
  return found?.target.own?.type === 'blob';
}

function untoldError(ops: Connected, { name, branch, repository }: PolicyEnvironment, error: unknown): Error {
  const there = connectedAt(ops, { repository });
  const doing = `see whether materialize renders ${name}`;
  const words = explain(error, { doing, repository: nameOf(there), permission: 'contents: read' });
  const place = placeName({ branch, repository });
  return new Error(
    `${words instanceof Error ? words.message : words} ${name} lives on ${place} by ostack.yaml, and what is written of it goes there or, where that is rendered, to its source here. ` +
      'Give the GitHub App access to that repository and name it with "repositories" where the workflow is called, or correct "repository" in ostack.yaml.',
    { cause: error },
  );
}

function isMerged({ environments }: Policy, { name, promotion }: PolicyEnvironment): boolean {
  return (
    promotion !== undefined || environments.some((each) => each.promotion !== undefined && each.after.includes(name))
  );
}
