import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { opsStage, stageEnv } from '../../actions/bump-ops-overlay/support.js';
import { at, opsFiles, overlay } from '../../actions/promote/support.js';
import { runAction } from '../../support/run-action.js';
import type { Ground } from './missing.js';

const WEB = 'apiVersion: v1\nkind: Service\nmetadata: { name: web }\n';

/** An ops repository with a pull request that `check-ops` looks at, and that one of a team has approved. */
export async function checkGround(): Promise<Ground> {
  const base = 'bases/my-app/kustomization.yaml';
  const world = await opsStage(opsFiles('', { [base]: 'resources: [web.yaml]\n', 'bases/my-app/web.yaml': WEB }));
  const { stage, ops } = world;
  const policy = (await ops.read('main', 'ostack.yaml')) ?? '';
  await world.push('main', { 'ostack.yaml': policy.replace('staging: {}', 'staging: { approvers: [acme/leads] }') });
  stage.github.setTeam('acme/leads', ['grace']);
  await world.push('change', { [at('staging')]: overlay('1.3.1') });
  const post = async (path: string, body: object, token = stage.token): Promise<unknown> => {
    const answer = await fetch(`${stage.apiUrl}/repos/acme/ops/pulls${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.json();
  };
  const opened = v.parse(
    v.looseObject({ head: v.looseObject({}) }),
    await post('', { head: 'change', base: 'main', title: 'my-app 1.3.1' }),
  );
  const folder = await mkdtemp(join(tmpdir(), 'ostack-check-'));
  const event = join(folder, 'event.json');
  return {
    stage,
    async run(tokens) {
      const sha = await world.push('change', { [`${randomUUID()}.txt`]: 'x\n' });
      // The event comes when the pull request shows the commit.
      await stage.github.passTime();
      await post('/1/reviews', { event: 'APPROVE' }, stage.github.issueToken({ actor: 'grace' }));
      const pull = { ...opened, head: { ...opened.head, sha } };
      await writeFile(event, JSON.stringify({ action: 'synchronize', number: 1, pull_request: pull }));
      return runAction({
        action: 'check-ops',
        inputs: tokens,
        env: {
          ...stageEnv(stage),
          ...{ GITHUB_REPOSITORY: 'acme/ops', GITHUB_SHA: (await ops.refs())['refs/pull/1/merge'] ?? '' },
          ...{ GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: event },
        },
      });
    },
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
