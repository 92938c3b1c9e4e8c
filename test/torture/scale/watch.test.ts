import { expect, test } from '@jest/globals';
import { startStage } from '../../../src/local/stage.js';
import { overlay, stepEnvironment } from '../../actions/gate/support.js';
import { at, rest } from '../../local/github/support.js';
import { runAction } from '../../support/run-action.js';
import { record } from '../table.js';

const MANY = process.env.OSTACK_TORTURE === 'all' ? 200 : 20;

/** Requests for few environments, and how many environments one more of them is enough for. */
const BASE_REQUESTS = 25;
const IN_ONE = 10;

const kustomization = (name: string) => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: shop-${name}, namespace: flux-system }
spec: { path: ./overlays/${name}/shop, sourceRef: { kind: GitRepository, name: flux-system } }
`;

/** Requests of a run that looks at so many environments, each of which has one app that is live. */
async function requestsFor(many: number): Promise<{ requests: number; live: number }> {
  await using stage = await startStage();
  const names = Array.from({ length: many }, (_, index) => `region-${index + 1}`);
  const policy = names.map((name) => `  ${name}: { ready: { creators: ["acme-flux[bot]"] }, on-failure: rollback }\n`);
  const ops = await stage.github.createRepository('acme/ops', {
    files: {
      'ostack.yaml': `environments:\n${policy.join('')}`,
      'bases/shop/kustomization.yaml': 'resources: []\n',
      ...Object.fromEntries(names.map((name) => [`overlays/${name}/shop/kustomization.yaml`, overlay('1.5.0')])),
      ...Object.fromEntries(names.map((name) => [`clusters/${name}/shop.yaml`, kustomization(name)])),
    },
  });
  const sha = (await ops.refs())['refs/heads/main'] ?? '';
  const flux = stage.github.issueToken({ actor: 'acme-flux[bot]', permissions: { statuses: 'write' } });
  for (const name of names) {
    const status = { state: 'success', description: 'done', context: `kustomization/shop-${name}/3921d3b4` };
    await rest(stage, `POST /repos/acme/ops/statuses/${sha}`, status, flux);
  }
  const before = stage.github.requests.length;
  const { exitCode, outputs, stdout } = await runAction({
    action: 'watch',
    inputs: { token: stage.token, 'dry-run': 'true' },
    env: stepEnvironment({ stage, name: 'acme/ops' }),
  });
  expect([exitCode, exitCode === 0 ? '' : stdout]).toEqual([0, '']);
  const rows: unknown = JSON.parse(outputs.live ?? '[]');
  const live = (Array.isArray(rows) ? rows : []).filter((row) => at(row, 'state') === 'live').length;
  return { requests: stage.github.requests.length - before, live };
}

test(`${MANY} environments are looked at in few requests`, async () => {
  const [few, many] = [await requestsFor(2), await requestsFor(MANY)];
  expect([few.live, many.live]).toEqual([2, MANY]);
  expect(few.requests).toBeLessThanOrEqual(BASE_REQUESTS);
  expect(many.requests).toBeLessThanOrEqual(BASE_REQUESTS + MANY / IN_ONE);
  record({ scenario: `scale: ${MANY} environments watched in ${many.requests} requests`, tried: MANY, survived: MANY });
}, 600_000);
