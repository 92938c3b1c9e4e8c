import { generateKeyPairSync } from 'node:crypto';
import * as v from 'valibot';
import { APP_ROLES } from '../../cli/gate/app-roles.js';
import { ask } from '../../cli/gate/ask.js';
import { ENVIRONMENT } from '../../cli/gate/names.js';
import { newPreviewsRuleset } from '../../cli/gate/previews-ruleset.js';
import { putSecret, putVariable } from '../../cli/gate/put-secret.js';
import { newRuleset } from '../../cli/gate/ruleset.js';
import { connect } from '../../github/client.js';
import { parseRepository } from '../../github/context.js';
import type { LocalRepository, Stage } from '../stage.js';

const CLIENT_ID = 'Iv1.acmegate';
const idSchema = v.object({ id: v.number() });

/**
 * Leaves an ops repository as `ostack gate setup` does, without the page on which a person presses GitHub's buttons: the ops
 * App, the environment that has its key, and the ruleset that asks for its check.
 *
 * @param administrator login of who does it
 * @param workflow the starter of the gate, by its path. It comes in before the rules: afterwards nothing does without the gate
 * @param previews the branch of previews where the ops App alone is to write it, and the apps repositories that it reads for that
 */
export async function guardOps(
  stage: Stage,
  ops: LocalRepository,
  administrator: string,
  workflow: Record<string, string>,
  previews?: { branch: string; apps: readonly string[] },
): Promise<void> {
  const { permissions, secret, clientId } = APP_ROLES.ops;
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  ops.role(administrator, 'admin');
  stage.github.apps.register({
    slug: 'acme-ops-gate',
    clientId: CLIENT_ID,
    privateKey,
    repositories: [ops.name, ...(previews?.apps ?? [])],
    permissions,
  });
  const token = stage.github.issueToken({ actor: administrator });
  const github = connect({ token, apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl });
  const asking = { github, repository: ops.name };
  const how = (doing: string, body: Readonly<Record<string, unknown>>) => ({
    ...{ doing, permission: 'administration: write', body },
  });
  const environment = `/repos/${ops.name}/environments/${ENVIRONMENT}` as const;
  const admits = { deployment_branch_policy: { protected_branches: false, custom_branch_policies: true } };
  await ask(asking, `PUT ${environment}`, v.unknown(), how('make the environment', admits));
  const branch = { name: ops.defaultBranch, type: 'branch' };
  await ask(asking, `POST ${environment}/deployment-branch-policies`, v.unknown(), how('admit the branch', branch));
  const repository = parseRepository(ops.name, 'The repository');
  const holder = { repository, environment: ENVIRONMENT, hasKey: false, clientId: undefined, slug: undefined };
  await putSecret(github, holder, secret, privateKey);
  await putVariable(github, holder, clientId, CLIENT_ID);
  const app = await ask(asking, 'GET /apps/acme-ops-gate', idSchema, {
    ...{ doing: 'read the App', permission: 'metadata: read' },
  });
  const who = { name: administrator, email: `${administrator}@acme.example` };
  await ops.commit(ops.defaultBranch, workflow, 'ci: the gate', who);
  const rulesets = [
    newRuleset(app.id),
    ...(previews === undefined ? [] : [newPreviewsRuleset(app.id, previews.branch)]),
  ];
  for (const ruleset of rulesets) {
    await ask(asking, `POST /repos/${ops.name}/rulesets`, idSchema, how('make the ruleset', { ...ruleset }));
  }
}

/**
 * What an administrator can do and nobody else: switch the ruleset off, do something, and switch it on again. It leaves its
 * traces in the history, where the audit finds it.
 */
export async function withoutRules(
  stage: Stage,
  ops: LocalRepository,
  administrator: string,
  act: () => Promise<void>,
): Promise<void> {
  const token = stage.github.issueToken({ actor: administrator });
  const asking = {
    github: connect({ token, apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl }),
    repository: ops.name,
  };
  const how = { doing: 'change the ruleset', permission: 'administration: write' };
  const [own] = await ask(asking, `GET /repos/${ops.name}/rulesets`, v.array(idSchema), how);
  const change = (enforcement: string) =>
    ask(asking, `PUT /repos/${ops.name}/rulesets/${own?.id ?? 0}`, v.unknown(), { ...how, body: { enforcement } });
  await change('disabled');
  await act();
  await change('active');
}
