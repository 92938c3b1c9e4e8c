import { pathToFileURL } from 'node:url';
import type { Fault, FaultRequest } from '../../src/local/github/http/faults.js';
import type { ActionResult } from '../support/run-action.js';
import { endState } from './end-state.js';
import type { Verb, World } from './verb.js';

const CLOCK = pathToFileURL('test/support/fast-clock.mjs').href;

/** What goes wrong with one request. */
export interface Trouble {
  name: string;
  /** The process ends with that request; nothing that it sends afterwards gets through. Others a run survives by itself. */
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
  { name: 'connection reset after it took effect', kills: false, fault: { kind: 'reset', when: 'after' } },
  { name: 'secondary rate limit', kills: false, fault: { kind: 'secondary-limit', retryAfter: 1 } },
  { name: 'timeout', kills: false, fault: { kind: 'timeout' } },
  { name: 'timeout after it took effect', kills: false, fault: { kind: 'timeout', when: 'after' } },
];

/** What a run without trouble needs and leaves. */
export interface GoodRun {
  /** Its requests, in their order: whether each writes. */
  writes: readonly boolean[];
  /** Whether each is git's own and not the API's, which alone has secondary limits. */
  ofGit: readonly boolean[];
  endState: unknown;
}

/** How a run went that had trouble, and what there is after it or, where it failed, after a second one without. */
export interface Survived {
  /** Exit code of the run with trouble. */
  troubled: number;
  /** Exit code of the last run. */
  exitCode: number;
  log: string;
  endState: unknown;
}

/** Requests and end state of a run without trouble. It runs twice: the second run must change nothing. */
export async function goodRun(verb: Verb): Promise<GoodRun> {
  await using world = await verb.world();
  const [writes, ofGit]: [boolean[], boolean[]] = [[], []];
  await succeed(verb, world, (request) => {
    writes.push(isWrite(request));
    ofGit.push(isOfGit(request));
  });
  const state = await endState(world);
  await succeed(verb, world, () => {});
  const again = JSON.stringify(await endState(world));
  if (again !== JSON.stringify(state)) {
    throw new Error(`${verb.name} run twice changed something: ${again} after ${JSON.stringify(state)}`);
  }
  return { writes, ofGit, endState: state };
}

/**
 * Runs a verb with trouble at its request number `at` (from 0). A run that was killed or failed is followed by one
 * without trouble.
 */
export async function survive(verb: Verb, trouble: Trouble, at: number): Promise<Survived> {
  await using world = await verb.world();
  const slow = trouble.fault.kind === 'timeout';
  let seen = -1;
  const first = await disturbed(
    world,
    trouble,
    () => {
      seen += 1;
      return seen === at;
    },
    slow ? `${CLOCK}?timeout=1500` : CLOCK,
  );
  const last = first.exitCode === 0 ? first : await calm(world);
  return { troubled: first.exitCode, exitCode: last.exitCode, log: log(first, last), endState: await endState(world) };
}

/**
 * Runs a verb again and again, killed each time as soon as one write has taken effect, until a run has nothing more to
 * write; `most` times at most, for a verb may do again what it cannot tell has been done.
 */
export async function killedAtEveryWrite(verb: Verb, most: number): Promise<Survived & { killed: number }> {
  await using world = await verb.world();
  for (let killed = 0; killed < most; killed += 1) {
    let hit = false;
    const run = await disturbed(
      world,
      KILLED_AFTER,
      (request) => {
        hit ||= isWrite(request);
        return hit;
      },
      CLOCK,
    );
    if (!hit) {
      return { killed, troubled: 0, exitCode: run.exitCode, log: log(run), endState: await endState(world) };
    }
  }
  const last = await calm(world);
  return { killed: most, troubled: 1, exitCode: last.exitCode, log: log(last), endState: await endState(world) };
}

/** Runs with a trouble at the first request that is `chosen`. */
async function disturbed(
  world: World,
  { kills, fault }: Trouble,
  chosen: (request: FaultRequest) => boolean,
  clock: string,
): Promise<ActionResult> {
  const { faults } = world.stage.github;
  const killer = new AbortController();
  let struck = false;
  const begin = () => {
    faults.add({
      match: (request) => {
        struck ||= isOwn(request) && chosen(request);
        if (struck && kills) {
          killer.abort();
        }
        return struck;
      },
      ...fault,
    });
    if (kills) {
      faults.add({ match: () => struck, kind: 'reset', times: Infinity });
    }
  };
  try {
    process.env.OSTACK_TEST_PRELOAD = clock;
    return await world.act({ signal: killer.signal, begin });
  } finally {
    delete process.env.OSTACK_TEST_PRELOAD;
    faults.clear();
  }
}

const calm = (world: World) => world.act({ begin() {} });

async function succeed(verb: Verb, world: World, watch: (request: FaultRequest) => void): Promise<void> {
  const { faults } = world.stage.github;
  const match = (request: FaultRequest) => {
    if (isOwn(request)) {
      watch(request);
    }
    return false;
  };
  const result = await world.act({ begin: () => faults.add({ match, kind: 'latency', ms: 0 }) });
  faults.clear();
  if (result.exitCode !== 0) {
    throw new Error(`${verb.name} failed without trouble: ${log(result)}`);
  }
}

function log(...runs: ActionResult[]): string {
  return runs.map(({ stdout, stderr }) => stdout + stderr).join('\n--- again ---\n');
}

/** Requests to the API, and git's own. */
function isOwn(request: FaultRequest): boolean {
  return request.path.includes('/api/') || isOfGit(request);
}

function isOfGit({ path }: FaultRequest): boolean {
  return !path.includes('/api/') && /\/(info\/refs|git-upload-pack|git-receive-pack)/.test(path);
}

function isWrite({ method, path, body }: FaultRequest): boolean {
  if (path.includes('/api/graphql')) {
    return /^\{"query":"\s*mutation\b/.test(body);
  }
  return path.includes('git-receive-pack') || (method !== 'GET' && method !== 'HEAD' && path.includes('/api/'));
}
