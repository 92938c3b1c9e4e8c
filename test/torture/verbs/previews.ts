import type { TestPull } from '../../actions/create-preview-env/support.js';
import {
  opsFiles,
  type PreviewRun,
  type PreviewStage,
  previewStage,
  runWith,
} from '../../actions/create-preview-env/support.js';
import { leaveRun, serve, servedStage } from '../../actions/serve-previews/support.js';
import { type Verb, worldOf } from '../verb.js';

/** One place only, so that the second pull request waits for the first. */
const FILES = opsFiles('previews: { host: staging, limit: 1, url: "https://{app}.{name}.preview.acme.dev" }');

type Act = (world: PreviewStage, pull: TestPull, signal: AbortSignal | undefined) => Promise<PreviewRun>;

/** @param prepare what was before; gives the pull request that it is about */
function preview(name: string, prepare: (world: PreviewStage) => Promise<TestPull>, act: Act): Verb {
  return {
    name,
    async world() {
      const world = await previewStage(FILES);
      const pull = await prepare(world);
      return worldOf(world, [world.ops, world.apps], (signal) => act(world, pull, signal));
    },
  };
}

/** Two pull requests, of which the first has its environment and is closed now, and the second waits. */
async function closedBeforeAnother(world: PreviewStage): Promise<TestPull> {
  const [first, second] = [await world.openPull('one'), await world.openPull('two')];
  await world.create(first);
  await world.create(second);
  await world.closePull(first);
  return first;
}

export const createPreview = preview(
  'create-preview-env',
  (world) => world.openPull('one'),
  (world, pull, signal) => world.create(pull, {}, signal),
);

export const cleanUpPreview = preview('cleanup-preview-env', closedBeforeAnother, (world, pull, signal) =>
  world.cleanup(pull, {}, signal),
);

/** What a run of an apps repository asks for, where ops alone writes previews. */
export const servePreview: Verb = {
  name: 'serve-previews',
  async world() {
    const world = await servedStage();
    const pull = await world.openPull('one');
    const payload = { repository: 'acme/apps', run: await leaveRun(world, pull), pull_request: pull.number };
    return worldOf(world, [world.ops], (signal) => serve(world, payload, signal));
  },
};

export const sweepPreviews = preview(
  'cleanup-preview-env as a sweep',
  closedBeforeAnother,
  ({ stage }, _pull, signal) =>
    runWith(stage, 'acme/ops', 'cleanup-preview-env', { name: 'schedule', payload: {} }, { mode: 'sweep' }, signal),
);
