import * as v from 'valibot';
import { environmentsIn, otherPlaces } from '../../ops/policy/places.js';
import { hasRules, type Policy } from '../../ops/policy/policy.js';
import { type Asking, askIfThere } from './ask.js';
import { GATE_WORKFLOW, says } from './gate-caller.js';
import { readRepository } from './read-repository.js';
import { readRulesets } from './read-rulesets.js';
import type { ElsewhereState, OpsState, OtherState } from './state.js';

/**
 * Reads what guards environments in other repositories: some requests for each of these, and none where there is none. One that the
 * token's owner does not administer is told.
 *
 * @param policy a settled one
 */
export async function readElsewhere(
  asking: Asking,
  { head }: OpsState,
  policy: Policy,
): Promise<{ elsewhere?: ElsewhereState }> {
  const byName = new Map<string, { name: string; branches: (string | undefined)[] }>();
  for (const { repository: name, branch } of otherPlaces(policy)) {
    const known = byName.get(name.toLowerCase()) ?? { name, branches: [] };
    byName.set(name.toLowerCase(), { ...known, branches: [...known.branches, branch] });
  }
  if (byName.size === 0) {
    return {};
  }
  const repositories: OtherState[] = [];
  for (const { name, branches } of byName.values()) {
    const environments = environmentsIn(policy, name);
    const isRuled = environments.some((each) => hasRules(policy, each));
    repositories.push({ name, environments, hasRules: isRuled, ...(await readOther(asking, name, branches)) });
  }
  return { elsewhere: { isAsked: await isAskedFor(asking, head), repositories } };
}

async function readOther(
  { github }: Asking,
  name: string,
  branches: readonly (string | undefined)[],
): Promise<Pick<OtherState, 'found' | 'problem'>> {
  const asking = { github, repository: name };
  try {
    const repository = await readRepository(asking);
    const guarded = [...new Set(branches.map((branch) => branch ?? repository.defaultBranch))];
    return { found: { repository, branches: guarded, rulesets: await readRulesets(asking) } };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

async function isAskedFor(asking: Asking, head: string | undefined): Promise<boolean | undefined> {
  const how = { doing: 'read the workflow of the gate', permission: 'contents: read' };
  const route = `GET /repos/${asking.repository}/contents/${GATE_WORKFLOW}?ref=${head}` as const;
  const file = head === undefined ? undefined : await askIfThere(asking, route, v.object({ content: v.string() }), how);
  return file && says(Buffer.from(file.content, 'base64').toString('utf8'), 'elsewhere');
}
