import { posix } from 'node:path';
import * as v from 'valibot';
import type { GitHub } from '../../github/client.js';
import type { RepositoryName } from '../../github/context.js';
import { repositoryReader } from '../../github/repository-reader.js';
import { readInfraConfig } from '../../infra/config/infra-config.js';
import { isInfraConfig } from '../../infra/config/is-infra.js';
import { infraPolicy } from '../../ops/judgement/inspect-infra.js';
import { type OpenPreviews, openPreviews } from '../../ops/judgement/open-previews.js';
import { judgedPlaces, settledPolicy } from '../../ops/policy/places.js';
import { NO_POLICY, POLICY_FILE, type Policy, readPolicy } from '../../ops/policy/policy.js';
import { previewPolicy } from '../../ops/policy/preview-policy.js';
import { previewSources } from '../../ops/policy/preview-sources.js';
import { githubTree } from '../../ops/tree/github-tree.js';
import { APP_ROLES, type Role } from './app-roles.js';
import { type Asking, ask, askAll, askIfThere } from './ask.js';
import { CHECK, ENVIRONMENT, INFRA_WORKFLOWS, PREVIEWS_WORKFLOW, WORKFLOWS } from './names.js';
import { changedByAnybody, unjudgedOf } from './policy-findings.js';
import { findApp, readInstallations } from './read-apps.js';
import { readElsewhere } from './read-elsewhere.js';
import { readEvidence } from './read-evidence.js';
import { readRepository } from './read-repository.js';
import { readRulesets } from './read-rulesets.js';
import type { DisabledWorkflow, EnvironmentState, GateState, Holder, OpsState, StrayKey, Wanted } from './state.js';

/**
 * Reads all that the gate is made of. About 25 requests, in a repository of any size.
 *
 * @throws Error where the token is not an administrator's, says what GitHub refused otherwise
 */
export async function readState(github: GitHub, wanted: Wanted): Promise<GateState> {
  const asking: Asking = { github, repository: `${wanted.ops.owner}/${wanted.ops.name}` };
  const repository = await readRepository(asking);
  await Promise.all(wanted.apps.map((name) => readRepository({ github, repository: `${name.owner}/${name.name}` })));
  const { policy, isInfra } = await readPolicyOf(asking, repository, wanted.isInfra);
  // No preview lives in an infra repository.
  const shown = isInfra ? NO_POLICY : policy;
  const ownWorkflows = isInfra ? INFRA_WORKFLOWS : WORKFLOWS;
  const [environment, rulesets, installations, workflows, disabled, workflowToken, strayKeys] = await Promise.all([
    readEnvironment(asking),
    readRulesets(asking),
    readInstallations(asking, repository),
    readWorkflows(asking, repository),
    readDisabledWorkflows(asking, [...ownWorkflows, PREVIEWS_WORKFLOW]),
    readWorkflowToken(asking),
    readStrayKeys(asking, repository),
  ]);
  const holders = {
    ops: [await readHolder(github, 'ops', wanted.ops, environment === undefined ? 'missing' : 'there')],
    proposer: await Promise.all(
      isInfra ? [] : [wanted.ops, ...wanted.apps].map((name) => readHolder(github, 'proposer', name)),
    ),
  };
  const looking = { repository, installations, slugs: wanted.slugs };
  const apps = {
    ops: await findApp(asking, 'ops', holders.ops, looking),
    proposer: isInfra ? undefined : await findApp(asking, 'proposer', holders.proposer, looking),
  };
  const settled = settledPolicy(policy, asking.repository, repository.defaultBranch);
  const checkMade = await hasMadeCheck(asking, repository, apps.ops?.id);
  return {
    ...{ repository, environment, strayKeys, rulesets, apps, holders, checkMade, workflowToken },
    disabledWorkflows: disabled.filter(({ path }) => path !== PREVIEWS_WORKFLOW),
    ...(isInfra ? { isInfra } : {}),
    missingWorkflows: ownWorkflows.filter((path) => !workflows.includes(path)),
    previews: {
      branch: previewPolicy(shown).branch,
      isUsed: shown.previews !== undefined,
      isServed: workflows.includes(PREVIEWS_WORKFLOW),
      disabled: disabled.find(({ path }) => path === PREVIEWS_WORKFLOW)?.state,
      sources: previewSources(shown),
    },
    changedByAnybody: changedByAnybody(policy),
    guarded: judgedPlaces(settled.environments).flatMap(({ branch }) => branch ?? []),
    unjudged: unjudgedOf(settled),
    ...(isInfra ? {} : await readElsewhere(asking, repository, settled)),
    openPreviews: isInfra ? undefined : await readOpenPreviews(github, wanted.ops, repository, policy),
    evidence: await readEvidence(asking, repository, policy),
  };
}

const environmentSchema = v.object({
  deployment_branch_policy: v.nullish(
    v.object({ protected_branches: v.boolean(), custom_branch_policies: v.boolean() }),
  ),
  protection_rules: v.optional(
    v.array(
      v.object({
        type: v.string(),
        wait_timer: v.optional(v.number(), 0),
        prevent_self_review: v.optional(v.boolean(), false),
        reviewers: v.optional(
          v.array(v.object({ type: v.picklist(['User', 'Team']), reviewer: v.object({ id: v.number() }) })),
          [],
        ),
      }),
    ),
    [],
  ),
});

async function readEnvironment(asking: Asking): Promise<EnvironmentState | undefined> {
  const path = `/repos/${asking.repository}/environments/${ENVIRONMENT}` as const;
  const how = { doing: `read the environment ${ENVIRONMENT}`, permission: 'actions: read' };
  const found = await askIfThere(asking, `GET ${path}`, environmentSchema, how);
  if (found === undefined) {
    return undefined;
  }
  const waits = {
    minutes: Math.max(0, ...found.protection_rules.map(({ wait_timer }) => wait_timer)),
    reviewers: found.protection_rules.flatMap(({ reviewers }) =>
      reviewers.map(({ type, reviewer }) => ({ type, id: reviewer.id })),
    ),
    preventSelfReview: found.protection_rules.some(({ prevent_self_review }) => prevent_self_review),
  };
  const policy = found.deployment_branch_policy ?? undefined;
  if (policy?.custom_branch_policies !== true) {
    return { admits: policy?.protected_branches === true ? 'protected' : 'all', rules: [], waits };
  }
  const rule = v.object({
    id: v.number(),
    name: v.string(),
    type: v.optional(v.picklist(['branch', 'tag']), 'branch'),
  });
  const rules = await askAll(asking, `${path}/deployment-branch-policies`, 'branch_policies', rule, how);
  return { admits: 'rules', rules, waits };
}

/** @param environment whether there is one to ask; a repository's own secrets and variables need none */
async function readHolder(
  github: GitHub,
  role: Role,
  repository: RepositoryName,
  environment?: 'there' | 'missing',
): Promise<Holder> {
  const names = APP_ROLES[role];
  const holder = { repository, environment: environment === undefined ? undefined : ENVIRONMENT };
  if (environment === 'missing') {
    return { ...holder, hasKey: false, clientId: undefined, slug: undefined };
  }
  const asking: Asking = { github, repository: `${repository.owner}/${repository.name}` };
  const [hasKey, clientId, slug] = await Promise.all([
    hasSecret(asking, holder, names.secret),
    readVariable(asking, holder, names.clientId),
    readVariable(asking, holder, names.slug),
  ]);
  return { ...holder, hasKey, clientId, slug };
}

/** The permission of a fine-grained token for a place. */
export function permissionFor({ environment }: Pick<Holder, 'environment'>, kind: 'secrets' | 'variables'): string {
  return environment === undefined ? kind : 'environments';
}

/** Where GitHub keeps the secrets or variables of a place. */
export function pathOf(
  { repository, environment }: Pick<Holder, 'repository' | 'environment'>,
  kind: 'secrets' | 'variables',
) {
  const path = `/repos/${repository.owner}/${repository.name}` as const;
  return environment === undefined
    ? (`${path}/actions/${kind}` as const)
    : (`${path}/environments/${environment}/${kind}` as const);
}

async function hasSecret(
  asking: Asking,
  holder: Pick<Holder, 'repository' | 'environment'>,
  name: string,
): Promise<boolean> {
  const how = {
    doing: `read whether there is a secret ${name}`,
    permission: `${permissionFor(holder, 'secrets')}: read`,
  };
  const found = await askIfThere(
    asking,
    `GET ${pathOf(holder, 'secrets')}/${name}`,
    v.object({ name: v.string() }),
    how,
  );
  return found !== undefined;
}

async function readVariable(
  asking: Asking,
  holder: Pick<Holder, 'repository' | 'environment'>,
  name: string,
): Promise<string | undefined> {
  const how = { doing: `read the variable ${name}`, permission: `${permissionFor(holder, 'variables')}: read` };
  const found = await askIfThere(
    asking,
    `GET ${pathOf(holder, 'variables')}/${name}`,
    v.object({ value: v.string() }),
    how,
  );
  return found?.value;
}

async function readStrayKeys(asking: Asking, { ownerIsOrganisation }: OpsState): Promise<StrayKey[]> {
  const { secret } = APP_ROLES.ops;
  const [owner = '', name = ''] = asking.repository.split('/');
  const stray: StrayKey[] = [];
  if (await hasSecret(asking, { repository: { owner, name }, environment: undefined }, secret)) {
    stray.push({ at: 'repository' });
  }
  if (ownerIsOrganisation) {
    const path = `/repos/${asking.repository}/actions/organization-secrets`;
    const how = { doing: 'list the secrets of the organisation', permission: 'secrets: read' };
    const secrets = await askAll(asking, path, 'secrets', v.object({ name: v.string() }), how);
    stray.push(...secrets.filter((each) => each.name === secret).map(() => ({ at: 'organisation' }) as const));
  }
  return stray;
}

/** Paths of the workflows of the default branch. */
async function readWorkflows(asking: Asking, { head }: OpsState): Promise<string[]> {
  if (head === undefined) {
    return [];
  }
  const how = { doing: 'list the workflows', permission: 'contents: read' };
  const route = `GET /repos/${asking.repository}/contents/.github/workflows?ref=${head}` as const;
  const found = (await askIfThere(asking, route, v.array(v.object({ path: v.string() })), how)) ?? [];
  return found.map(({ path }) => path);
}

/** Each is asked for by its file: a repository has as many workflows as it likes. */
async function readDisabledWorkflows(asking: Asking, paths: readonly string[]): Promise<DisabledWorkflow[]> {
  const how = { doing: 'read whether the workflows of the gate are enabled', permission: 'actions: read' };
  const found = await Promise.all(
    paths.map(async (path) => {
      const route = `GET /repos/${asking.repository}/actions/workflows/${posix.basename(path)}` as const;
      const workflow = await askIfThere(asking, route, v.object({ state: v.string() }), how);
      return workflow === undefined ? [] : [{ path, state: workflow.state }];
    }),
  );
  // One that is "deleted" is missing, which is told from the files.
  return found.flat().filter(({ state }) => state !== 'active' && state !== 'deleted');
}

/** @throws ConfigError where the policy cannot be read: the gate refuses everything then */
async function readPolicyOf(
  asking: Asking,
  { head }: OpsState,
  isSaid = false,
): Promise<{ policy: Policy; isInfra: boolean }> {
  const text = head === undefined ? undefined : await readPolicyText(asking, head);
  const isInfra = isInfraConfig(text);
  if (isSaid && !isInfra) {
    throw new Error(
      `The gate would take ${asking.repository} for an ops repository: an infra repository is known by one of the keys roots, tool, stateful and losses of ostack.yaml on its default branch. Add "roots: {}", which finds them as before.`,
    );
  }
  return { policy: isInfra ? infraPolicy(readInfraConfig(text)) : readPolicy(text), isInfra };
}

async function readPolicyText(asking: Asking, head: string): Promise<string | undefined> {
  const how = { doing: 'read the policy', permission: 'contents: read' };
  const route = `GET /repos/${asking.repository}/contents/${POLICY_FILE}?ref=${head}` as const;
  const found = await askIfThere(asking, route, v.object({ content: v.string() }), how);
  return found && Buffer.from(found.content, 'base64').toString('utf8');
}

/** Reads what the cluster of previews has of them: one request, and one for its files. */
async function readOpenPreviews(
  github: GitHub,
  ops: RepositoryName,
  { head }: OpsState,
  policy: Policy,
): Promise<OpenPreviews | undefined> {
  const reader = repositoryReader(github, ops, 'Previews');
  return head === undefined ? undefined : openPreviews(githubTree(reader, github, ops, head), policy, ops);
}

async function readWorkflowToken(asking: Asking): Promise<GateState['workflowToken']> {
  const schema = v.object({ default_workflow_permissions: v.string(), can_approve_pull_request_reviews: v.boolean() });
  const how = { doing: 'read what workflows may', permission: 'administration: read' };
  const found = await ask(asking, `GET /repos/${asking.repository}/actions/permissions/workflow`, schema, how);
  return {
    writes: found.default_workflow_permissions === 'write',
    approves: found.can_approve_pull_request_reviews,
  };
}

/** Whether an App has made the check on the head of the default branch. */
export async function hasMadeCheck(asking: Asking, { head }: OpsState, app: number | undefined): Promise<boolean> {
  if (head === undefined || app === undefined) {
    return false;
  }
  const schema = v.object({ check_runs: v.array(v.object({ app: v.nullish(v.object({ id: v.number() })) })) });
  const query = `check_name=${encodeURIComponent(CHECK)}&app_id=${app}`;
  const how = { doing: 'list the checks of the default branch', permission: 'checks: read' };
  const found = await ask(asking, `GET /repos/${asking.repository}/commits/${head}/check-runs?${query}`, schema, how);
  return found.check_runs.some((run) => run.app?.id === app);
}
