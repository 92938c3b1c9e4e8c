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

/** An ops repository with a pull request that `check-ops` looks at. */
export async function checkGround(): Promise<Ground> {
  const base = 'bases/my-app/kustomization.yaml';
  const world = await opsStage(opsFiles('', { [base]: 'resources: [web.yaml]\n', 'bases/my-app/web.yaml': WEB }));
  const { stage, ops } = world;
  await world.push('change', { [at('staging')]: overlay('1.3.1') });
  const answer = await fetch(`${stage.apiUrl}/repos/acme/ops/pulls`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ head: 'change', base: 'main', title: 'my-app 1.3.1' }),
  });
  const folder = await mkdtemp(join(tmpdir(), 'ostack-check-'));
  const event = join(folder, 'event.json');
  const opened = v.parse(v.looseObject({ head: v.looseObject({}) }), await answer.json());
  return {
    stage,
    async run(tokens) {
      const sha = await world.push('change', { [`${randomUUID()}.txt`]: 'x\n' });
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
