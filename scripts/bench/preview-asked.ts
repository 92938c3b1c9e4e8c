import { setTimeout as sleep } from 'node:timers/promises';
import { leaveRun } from '../../test/actions/serve-previews/support.js';
import type { Steps } from './preview.js';
import { eventOf, imageIn, imagesOf, type Measure, type PreviewWorld, type Pull } from './preview-world.js';

const GATE = 'acme-ops-gate[bot]';
const PROPOSER = 'acme-ops-proposer[bot]';
const IMAGE = imageIn('ghcr.io/acme/previews/app-0');
const RULESET = 'oStack previews';
const REQUEST = 'ostack-preview';

/** Previews that ops alone writes: the run of the pull request asks and looks, and the one in ops reads, judges and writes. */
export async function askedSteps(world: PreviewWorld, pull: Pull): Promise<Steps> {
  const { stage, ops } = world;
  ops.ruleset(RULESET, {
    ...{ target: 'branch', include: ['refs/heads/ostack/previews'], bypass: [GATE] },
    rules: { creation: true, update: true, deletion: true, nonFastForward: true },
  });
  const token = (actor: string) => stage.github.issueToken({ actor });
  const tokens = { gate: token(GATE), proposer: token(PROPOSER) };
  const opened = await asked(world, tokens, pull);
  const pushed = await asked(world, tokens, await world.push(pull, 'more'));
  const sweep = await world.measure('serve-previews', { name: 'schedule', payload: {} }, asOps(tokens));
  ops.ruleset(RULESET, undefined);
  return [
    ['ops writes one more: the run that asks', opened.asking],
    ['… the run in ops', opened.serving],
    ['ops writes a push: the run that asks', pushed.asking],
    ['… the run in ops', pushed.serving],
    ['the sweep of ops', sweep],
  ];
}

interface Tokens {
  gate: string;
  proposer: string;
}

/** Both runs beside each other, as on GitHub. The requests of the run in ops are counted apart. */
async function asked(world: PreviewWorld, tokens: Tokens, pull: Pull): Promise<{ asking: Measure; serving: Measure }> {
  const run = await leaveRun(world, pull, {
    record: { images: [IMAGE] },
    run: { id: world.stage.github.requests.length },
  });
  const variables = {
    ...{ ...imagesOf(IMAGE), INPUT_TOKEN: tokens.proposer, GITHUB_RUN_ID: String(run) },
    'INPUT_POLL-INTERVAL': '1s',
  };
  const requests = world.stage.github.requests;
  const before = requests.length;
  const both = world.measure('create-preview-env', eventOf(pull), variables);
  while (!requests.slice(before).some(({ path }) => path.endsWith('/dispatches'))) {
    await sleep(10);
  }
  const payload = { repository: 'acme/apps', run, pull_request: pull.number };
  const event = { name: 'repository_dispatch', payload: { action: REQUEST, client_payload: payload } };
  const serving = await world.measure('serve-previews', event, asOps(tokens));
  const asking = await both;
  const ofOps = requests.slice(before).filter(({ tokenActor }) => tokenActor === GATE).length;
  return {
    asking: { ...asking, requests: asking.requests - ofOps },
    serving: { ...serving, requests: ofOps },
  };
}

/** What the run in ops has: the ops App's tokens. */
function asOps({ gate }: Tokens): Record<string, string> {
  return { INPUT_TOKEN: gate, 'INPUT_APPS-TOKEN': gate, GITHUB_REPOSITORY: 'acme/ops' };
}
