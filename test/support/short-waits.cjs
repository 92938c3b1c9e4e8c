/**
 * Loaded into a bundle's process before it: its sleeps are a hundredth as long, and its clock goes on as if they had been
 * whole, so that what waits for a time waits no longer than it would. With `OSTACK_TEST_TIME_LIMIT` every time limit of a
 * request is that many milliseconds; otherwise they stay as they are. With `OSTACK_TEST_CLOCK` its clock is ahead by the
 * milliseconds in the file of that name. CommonJS starts faster than `--import`.
 */
const { readFileSync } = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const timers = require('node:timers/promises');

const FASTER = 100;

/** Timers of so many milliseconds are limits. */
const LONG_MS = 30_000;

const sleep = timers.setTimeout;
let ahead = atFirst();
timers.setTimeout = async (ms, ...rest) => {
  const value = await sleep(ms / FASTER, ...rest);
  ahead += ms - ms / FASTER;
  return value;
};
syncBuiltinESMExports();

const Real = Date;
// A process that runs several bundles (`src/local/spawner/program-host.cjs`): each begins now.
process.on('program', () => {
  ahead = atFirst();
});

function atFirst() {
  const file = process.env.OSTACK_TEST_CLOCK;
  return file === undefined ? 0 : Number(readFileSync(file, 'utf8'));
}

globalThis.Date = class extends Real {
  constructor(...given) {
    super(...(given.length === 0 ? [Real.now() + ahead] : given));
  }

  static now() {
    return Math.floor(Real.now() + ahead);
  }
};

const limit = process.env.OSTACK_TEST_TIME_LIMIT;
if (limit !== undefined) {
  const after = AbortSignal.timeout;
  AbortSignal.timeout = () => after(Number(limit));
  // A space is waited for by a timer, for the time that it has grows with what is sent.
  const later = globalThis.setTimeout;
  globalThis.setTimeout = (run, ms, ...rest) => later(run, ms >= LONG_MS ? Number(limit) : ms, ...rest);
  // Git counts in whole seconds: https://git-scm.com/docs/git-config#Documentation/git-config.txt-httplowSpeedLimit
  process.env.GIT_HTTP_LOW_SPEED_TIME = '1';
}
