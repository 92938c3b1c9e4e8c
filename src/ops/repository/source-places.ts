import { posix } from 'node:path';
import * as v from 'valibot';
import { RECORD } from '../../materialize/manifests/record.js';
import { isAway, placeKey } from '../policy/places.js';
import type { Policy, PolicyEnvironment } from '../policy/policy.js';
import type { OpenRepository } from './open-repository.js';

const fileSchema = v.nullable(v.object({ type: v.string() }));
const refSchema = v.nullable(v.object({ target: v.object({ own: v.optional(fileSchema) }) }));

/**
 * A policy that says of each environment where its source is: where its branch is rendered, that is the default branch, which
 * materialize renders. One request where environments live on branches of the policy's repository, none where they do not.
 *
 * @param policy a settled one
 */
export async function sourcesPolicy({ reader }: Pick<OpenRepository, 'reader'>, policy: Policy): Promise<Policy> {
  const { environments } = policy;
  // A promotion that merges branches is one of these branches, whatever they have.
  const asked = environments.filter((each) => isAway(each) && each.repository === undefined && !isMerged(policy, each));
  const rendered = await Promise.all(
    asked.map(async (each) => {
      const isAlone = environments.filter((other) => placeKey(other) === placeKey(each)).length === 1;
      const file = posix.join(isAlone ? '' : each.name, RECORD);
      const found = await reader.load({
        text: (bind) =>
          `ref(qualifiedName: ${bind('String!', `refs/heads/${each.branch}`)}) { target { ... on Commit { own: file(path: ${bind('String!', file)}) { type } } } }`,
        schema: refSchema,
      });
      return found?.target.own?.type === 'blob' ? [each.name] : [];
    }),
  );
  const names = new Set(rendered.flat());
  const atHome = ({ branch, ...rest }: PolicyEnvironment): PolicyEnvironment => rest;
  return names.size === 0
    ? policy
    : { ...policy, environments: environments.map((each) => (names.has(each.name) ? atHome(each) : each)) };
}

function isMerged({ environments }: Policy, { name, promotion }: PolicyEnvironment): boolean {
  return (
    promotion !== undefined || environments.some((each) => each.promotion !== undefined && each.after.includes(name))
  );
}
