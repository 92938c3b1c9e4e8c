/** An ops repository whose environments live in other repositories, too. */
import type { LocalRepository, StageOptions } from '../../../src/local/stage.js';
import { webTokenOf } from '../../local/github/support.js';
import { APP, type Audited } from '../audit/support.js';
import { at, GRANTED, opsStage, overlay, PRODUCTION, rest } from './support.js';

export const FAR = 'acme/far';
/** Where the ops App is not installed. */
export const LONE = 'acme/lone';
export const FAR_OVERLAY = PRODUCTION.replace('production', 'far');
export const EDGE_OVERLAY = PRODUCTION.replace('production', 'edge');

/** Staging is here, and what comes after it is in other repositories. Production goes by what far runs. */
export const POLICY = `environments:
  staging: {}
  far: { repository: ${FAR}, after: staging, approvers: [grace] }
  edge: { repository: ${FAR}, branch: edge, after: far }
  lone: { repository: ${LONE}, after: staging }
  production: { after: far }
  dark: { after: lone }
`;

/** The tokens, and one of these repositories. */
export interface Elsewhere extends Audited {
  far: Audited;
  lone: Audited;
  /** What another repository has on a branch. */
  tip(of: LocalRepository, branch: string): Promise<string>;
}

export async function elsewhereStage(
  policy = POLICY,
  files: Record<string, string> = {},
  options: StageOptions = {},
): Promise<Elsewhere> {
  const { stage, ops, name } = await opsStage(policy, files, options);
  const far = await stage.github.createRepository(FAR, { files: { [FAR_OVERLAY]: overlay('1.4.0') } });
  await far.commit('edge', { [EDGE_OVERLAY]: overlay('1.4.0') }, 'shop 1.4.0');
  const lone = await stage.github.createRepository(LONE, { files: { 'README.md': 'Alone\n' } });
  const { token: signIn, installation } = webTokenOf(stage, 'ostack-ops', APP, [name, FAR]);
  const take = async (permissions: object = GRANTED) => {
    const tokens = `POST /app/installations/${installation}/access_tokens`;
    return at((await rest(stage, tokens, { permissions }, signIn)).body, 'token');
  };
  const [app, reads] = [
    await take(),
    await take({ checks: 'read', contents: 'read', pull_requests: 'read', statuses: 'read', actions: 'read' }),
  ];
  const tokens = {
    token: reads,
    'report-token': await take({ checks: 'write', issues: 'write' }),
    'revert-token': await take({ contents: 'write', pull_requests: 'write' }),
  };
  const home = { stage, ops, name, app, take, tokens };
  return {
    ...home,
    far: { ...home, ops: far, name: FAR },
    lone: { ...home, ops: lone, name: LONE },
    tip: async (of, branch) => (await of.refs())[`refs/heads/${branch}`] ?? '',
  };
}
