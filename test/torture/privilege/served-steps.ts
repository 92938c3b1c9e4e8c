/** The steps of previews that ops alone writes. */
import { randomUUID } from 'node:crypto';
import { runWith } from '../../actions/create-preview-env/support.js';
import { leaveRun, type ServedStage, servedStage } from '../../actions/serve-previews/support.js';
import { type Ground, OF_THE_JOB, type Step } from './missing.js';

const APPS = ['acme/apps'];
const OPS = ['acme/ops'];

export const served: readonly Step[] = [
  ...['pull-request.yml/preview', 'fork-preview.yml/preview'].map((job) => ({
    place: `${job}/record-preview`,
    reach: { token: OPS, 'github-token': APPS },
    reads: ['token contents'],
    // The name of the ops repository is given, so nothing of this one is read.
    unused: OF_THE_JOB,
    async ground() {
      const world = await servedStage();
      const pull = await world.openPull('change');
      const inputs = { affected: '["my-app"]', 'ops-repository': 'acme/ops' };
      const event = {
        name: 'pull_request',
        payload: { pull_request: { number: pull.number, head: { sha: pull.head } } },
      };
      return of(world, (tokens) =>
        runWith(world.stage, 'acme/apps', 'record-preview', event, { ...inputs, ...tokens }),
      );
    },
  })),
  {
    place: 'preview-requests.yml/serve/serve-previews',
    reach: { token: OPS, 'apps-token': APPS },
    async ground() {
      const world = await servedStage(undefined, '', undefined, true);
      // The token stands in for the ops App's, and nobody's rules are tried here.
      world.ops.ruleset('oStack previews', undefined);
      return of(world, async (tokens) => {
        const pull = await world.openPull(`change-${randomUUID()}`);
        const run = await leaveRun(world, pull);
        const client_payload = { repository: 'acme/apps', run, pull_request: pull.number };
        const event = { name: 'repository_dispatch', payload: { client_payload } };
        return runWith(world.stage, 'acme/ops', 'serve-previews', event, tokens);
      });
    },
  },
];

function of(world: ServedStage, run: Ground['run']): Ground {
  return { stage: world.stage, run, [Symbol.asyncDispose]: async () => world[Symbol.asyncDispose]() };
}
