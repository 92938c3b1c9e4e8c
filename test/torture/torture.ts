import type { Fault } from '../../src/local/github/http/faults.js';
import type { Verb, World } from './verb.js';

/** What goes wrong with one request. */
export interface Trouble {
  name: string;
  /** The process ends with that request; nothing that it sends afterwards gets through. */
  kills: boolean;
  fault: Omit<Fault, 'match'>;
}

export const KILLED_AFTER: Trouble = {
  name: 'killed after it took effect',
  kills: true,
  fault: { kind: 'reset', when: 'after' },
};

/** Every kind of trouble; `KILLED_AFTER` is the one that leaves most behind. */
export const TROUBLES: readonly Trouble[] = [
  KILLED_AFTER,
  { name: 'killed before it', kills: true, fault: { kind: 'reset' } },
  { name: '502', kills: false, fault: { kind: 'status', status: 502 } },
  { name: '504 after it took effect', kills: false, fault: { kind: 'status', status: 504, when: 'after' } },
  { name: 'connection reset', kills: false, fault: { kind: 'reset' } },
  { name: 'secondary rate limit', kills: false, fault: { kind: 'secondary-limit', retryAfter: 0 } },
];

/** How a run went that had trouble, and what there was after a second one without. */
export interface Survived {
  /** Exit code of the second run. */
  exitCode: number;
  log: string;
  endState: unknown;
}

/** Requests and end state of a run without trouble, the second run included: it must change nothing. */
export async function goodRun(verb: Verb): Promise<{ requests: number; endState: unknown }> {
  await using world = await verb.world();
  let requests = 0;
  world.stage.github.faults.add({ match: counting(() => requests++), kind: 'latency', ms: 0, times: Infinity });
  await succeed(world);
  const needed = requests;
  world.stage.github.faults.clear();
  const endState = await world.endState();
  await succeed(world);
  const again = await world.endState();
  if (JSON.stringify(again) !== JSON.stringify(endState)) {
    throw new Error(
      `${verb.name} run twice changed something: ${JSON.stringify(again)} after ${JSON.stringify(endState)}`,
    );
  }
  return { requests: needed, endState };
}

/**
 * Runs a verb with trouble at its request number `at` (from 0), and then without.
 */
export async function survive(verb: Verb, trouble: Trouble, at: number): Promise<Survived> {
  await using world = await verb.world();
  const killer = new AbortController();
  let seen = -1;
  const hit = counting(() => {
    seen += 1;
    if (trouble.kills && seen === at) {
      killer.abort();
    }
  });
  world.stage.github.faults.add({ match: (request) => hit(request) && seen === at, ...trouble.fault });
  if (trouble.kills) {
    world.stage.github.faults.add({ match: ({ path }) => isApi(path) && seen > at, kind: 'reset', times: Infinity });
  }
  await world.act(killer.signal);
  world.stage.github.faults.clear();
  const { exitCode, stdout, stderr } = await world.act();
  return { exitCode, log: stdout + stderr, endState: await world.endState() };
}

async function succeed(world: World): Promise<void> {
  const { exitCode, stdout, stderr } = await world.act();
  if (exitCode !== 0) {
    throw new Error(`The run without trouble failed: ${stdout}${stderr}`);
  }
}

function counting(count: () => void): (request: { path: string }) => boolean {
  return ({ path }) => {
    if (isApi(path)) {
      count();
    }
    return isApi(path);
  };
}

function isApi(path: string): boolean {
  return path.includes('/api/');
}
