import type { Stage } from '../../src/local/stage.js';
import { appKey, at, rest, seal } from '../local/github/support.js';

/** Makes the environment that has the ops App's key and admits the default branch alone. @param repository `owner/name` of ops */
export async function gateEnvironment(stage: Stage, repository: string, clientId: string): Promise<void> {
  const environment = `/repos/${repository}/environments/ostack-gate`;
  const branches = { protected_branches: false, custom_branch_policies: true };
  await rest(stage, `PUT ${environment}`, { deployment_branch_policy: branches });
  await rest(stage, `POST ${environment}/deployment-branch-policies`, { name: 'main', type: 'branch' });
  const { body: key } = await rest(stage, `GET ${environment}/secrets/public-key`);
  await rest(stage, `PUT ${environment}/secrets/OSTACK_GATE_PRIVATE_KEY`, {
    ...{ encrypted_value: await seal(appKey(), at(key, 'key')), key_id: at(key, 'key_id') },
  });
  await rest(stage, `POST ${environment}/variables`, { name: 'OSTACK_GATE_CLIENT_ID', value: clientId });
}
