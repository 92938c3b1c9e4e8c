import type { FaultRequest } from '../../src/local/github/http/faults.js';
import type { ActionResult } from '../support/run-action.js';
import { endState } from './end-state.js';
import { type Case, KILLED_AFTER, type OwnRequest, ownRequest, type Trouble } from './trouble.js';
import type { World } from './verb.js';

/** What a run without trouble needs and leaves. */
export interface GoodRun {
  /** Its requests, in their order. */
  requests: readonly OwnRequest[];
  endState: unknown;
  /** What it told. */
  told: string;
}

/** How a run went that had trouble, and what there is after it or, where it failed, after a second one without. */
export interface Survived {
  /** Exit code of the run with trouble. */
  troubled: number;
  /** Exit code of the last run. */
  exitCode: number;
  log: string;
  endState: unknown;
  /** What the last run told; empty where it found everything told. */
  told: string;
}

/** Requests and end state of a run without trouble. It runs twice: the second run must change nothing. */
export async function goodRun(world: World): Promise<GoodRun> {
  const { run, requests } = await act(world);
  demandSuccess(run);
  const state = await endState(world);
  demandSuccess(await world.act());
  const again = JSON.stringify(await endState(world));
  if (again !== JSON.stringify(state)) {
    throw new Error(`A second run changed something: ${again} after ${JSON.stringify(state)}`);
  }
  return { requests, endState: state, told: told(world, run) };
}

function told(world: World, run: ActionResult): string {
  return world.tells?.(run) ?? '';
}

function demandSuccess(run: ActionResult): void {
  if (run.exitCode !== 0) {
    throw new Error(`It failed without trouble: ${log(run)}`);
  }
}

/** What a run without trouble made of what a failed one had left, by what was left. */
export type Finished = Map<string, Pick<Survived, 'exitCode' | 'log' | 'endState' | 'told'>>;

/**
 * Runs a verb with trouble. A run that was killed or failed is followed by one without trouble. That one sees only what
 * was left, so where the same was left before (but for ids and times), it went as it went then.
 *
 * @param finished what is known of that; grows
 * @returns also which requests were sent again after the one that was struck
 */
export async function survive(
  world: World,
  { trouble, at }: Case,
  finished: Finished,
): Promise<Survived & { again: string[] }> {
  await world.goBack();
  const known = new Set<string>();
  const isNewRead = ({ text, writes }: OwnRequest) => !writes && !known.has(text) && known.add(text) !== undefined;
  const { run, requests } = await act(world, trouble, (request, index) =>
    at === 'every read' ? isNewRead(request) && trouble.strikes(request) : index === at,
  );
  await world.stage.github.quiet();
  const left = await endState(world);
  const again = at === 'every read' ? [] : sentAgain(requests, at);
  if (run.exitCode === 0) {
    return { troubled: 0, exitCode: 0, log: log(run), endState: left, told: told(world, run), again };
  }
  const key = JSON.stringify(left);
  const end = finished.get(key) ?? (await finish(world, run));
  finished.set(key, end);
  return { troubled: run.exitCode, ...end, again };
}

function sentAgain(requests: readonly OwnRequest[], at: number): string[] {
  const struck = requests[at]?.text;
  return requests.slice(at + 1).flatMap(({ text }) => (text === struck ? [text] : []));
}

async function finish(world: World, first: ActionResult) {
  const last = await world.act();
  return { exitCode: last.exitCode, log: log(first, last), endState: await endState(world), told: told(world, last) };
}

/**
 * Runs a verb again and again, killed each time as soon as one write has taken effect, until a run has nothing more to
 * write; `most` times at most, for a verb may do again what it cannot tell has been done.
 */
export async function killedAtEveryWrite(world: World, most: number): Promise<Survived & { killed: number }> {
  await world.goBack();
  for (let killed = 0; killed < most; killed += 1) {
    const { run, struck } = await act(world, KILLED_AFTER, ({ writes }) => writes);
    if (!struck) {
      const end = { log: log(run), endState: await endState(world), told: told(world, run) };
      return { killed, troubled: 0, exitCode: run.exitCode, ...end };
    }
  }
  const last = await world.act();
  const end = { log: log(last), endState: await endState(world), told: told(world, last) };
  return { killed: most, troubled: 1, exitCode: last.exitCode, ...end };
}

/** How a run went. */
export interface Act {
  run: ActionResult;
  /** What it sent, in order. */
  requests: OwnRequest[];
  /** Whether trouble came. */
  struck: boolean;
}

/** Runs the bundle, with a trouble at the requests that are chosen; a process is killed once only. */
export async function act(
  world: Pick<World, 'stage' | 'others' | 'act'>,
  trouble?: Trouble,
  chosen: (request: OwnRequest, index: number) => boolean = () => false,
): Promise<Act> {
  const servers = [world.stage.github.faults, ...(world.others ?? [])];
  const killer = new AbortController();
  const requests: OwnRequest[] = [];
  let [strikes, struck] = [false, false];
  const snapshot = (sent: FaultRequest) => {
    const request = ownRequest(sent);
    if (request !== undefined) {
      requests.push(request);
    }
    strikes = request !== undefined && !killer.signal.aborted && chosen(request, requests.length - 1);
    struck ||= strikes;
    if (strikes && trouble?.kills === true) {
      killer.abort();
    }
    return false;
  };
  for (const faults of servers) {
    faults.add({ match: snapshot, kind: 'latency', ms: 0 });
    if (trouble !== undefined) {
      faults.add({ match: () => strikes, ...trouble.fault, times: Infinity });
      // What a dead process had sent besides does not get through.
      faults.add({ match: () => killer.signal.aborted, kind: 'reset', times: Infinity });
    }
  }
  try {
    return { run: await world.act(killer.signal), requests, struck };
  } finally {
    for (const faults of servers) {
      faults.clear();
    }
  }
}

/** What runs have printed. */
export function log(...runs: ActionResult[]): string {
  return runs.map(({ stdout, stderr }) => stdout + stderr).join('\n--- again ---\n');
}
