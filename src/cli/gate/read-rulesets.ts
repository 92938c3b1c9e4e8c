import * as v from 'valibot';
import { readFailure } from '../../github/failure.js';
import { type Asking, ask, askAll } from './ask.js';
import type { Ruleset } from './state.js';

const rulesetSchema = v.object({
  id: v.number(),
  name: v.string(),
  target: v.optional(v.string(), 'branch'),
  source_type: v.optional(v.string(), 'Repository'),
  enforcement: v.string(),
  _links: v.optional(v.object({ html: v.nullish(v.object({ href: v.optional(v.string()) })) })),
  conditions: v.nullish(
    v.object({
      ref_name: v.optional(
        v.object({ include: v.optional(v.array(v.string()), []), exclude: v.optional(v.array(v.string()), []) }),
      ),
    }),
  ),
  rules: v.optional(
    v.array(v.object({ type: v.string(), parameters: v.optional(v.record(v.string(), v.unknown())) })),
    [],
  ),
  bypass_actors: v.optional(
    v.array(
      v.object({
        actor_type: v.string(),
        actor_id: v.nullish(v.number()),
        bypass_mode: v.optional(v.string(), 'always'),
      }),
    ),
  ),
});

/**
 * Reads the rulesets of branches, those of the organisation included: one request, and one for each.
 *
 * @returns `undefined` where the plan has none
 */
export async function readRulesets(asking: Asking): Promise<Ruleset[] | undefined> {
  const path = `/repos/${asking.repository}/rulesets`;
  const how = { doing: 'read the rulesets', permission: 'administration: read' };
  const listed = v.object({ id: v.number(), target: v.optional(v.string(), 'branch') });
  try {
    const all = await askAll(asking, path, undefined, listed, how);
    const ids = all.filter(({ target }) => target === 'branch').map(({ id }) => id);
    return await Promise.all(ids.map((id) => readRuleset(asking, id)));
  } catch (error) {
    // GitHub's words where a private repository has a plan without them: "Upgrade to GitHub Pro or make this repository public".
    const failure = error instanceof Error ? readFailure(error.cause) : undefined;
    if (failure?.status === 403 && /upgrade to github/i.test(failure.message)) {
      return undefined;
    }
    throw error;
  }
}

/** @throws Error when it is not there, or cannot be read */
export async function readRuleset(asking: Asking, id: number): Promise<Ruleset> {
  const how = { doing: 'read a ruleset', permission: 'administration: read' };
  const found = await ask(asking, `GET /repos/${asking.repository}/rulesets/${id}`, rulesetSchema, how);
  return {
    id,
    name: found.name,
    own: found.source_type === 'Repository',
    link: found._links?.html?.href ?? '',
    target: found.target,
    enforcement: found.enforcement,
    include: found.conditions?.ref_name?.include ?? [],
    exclude: found.conditions?.ref_name?.exclude ?? [],
    rules: found.rules,
    bypass: found.bypass_actors?.map(({ actor_type, actor_id, bypass_mode }) => ({
      type: actor_type,
      id: actor_id ?? undefined,
      mode: bypass_mode,
    })),
  };
}
