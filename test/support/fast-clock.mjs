/**
 * Loaded into a bundle's process by tests where it has to wait and wait again: its sleeps are a hundredth as long. With
 * `?timeout=MS` in its address every time limit of a request is that long; otherwise they stay as they are.
 */
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

const sleep = timers.setTimeout;
timers.setTimeout = (ms, ...rest) => sleep(ms / 100, ...rest);
syncBuiltinESMExports();

const limit = new URL(import.meta.url).searchParams.get('timeout');
if (limit !== null) {
  const after = AbortSignal.timeout;
  AbortSignal.timeout = () => after(Number(limit));
  // Git counts in whole seconds: https://git-scm.com/docs/git-config#Documentation/git-config.txt-httplowSpeedLimit
  process.env.GIT_HTTP_LOW_SPEED_TIME = '1';
}
