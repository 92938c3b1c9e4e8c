import { setTimeout as sleep } from 'node:timers/promises';
import { codesOf, NEVER_SENT } from '../runtime/connection-errors.js';
import { type Failure, readFailure } from './failure.js';

export interface RetryOptions {
  /** Attempts in all, the first included. */
  attempts?: number;
  /** First back-off in milliseconds; doubled each time, with jitter. */
  baseMs?: number;
  /** The longest wait a `retry-after` may ask for, in milliseconds; a longer one is reported instead of slept. */
  longestMs?: number;
}

const DEFAULTS: Required<RetryOptions> = { attempts: 5, baseMs: 500, longestMs: 120_000 };

/** Statuses of transient errors of GitHub. */
const TRANSIENT = new Set([408, 500, 502, 503, 504]);

/**
 * Sends a request again while its failure is transient.
 *
 * - A rate limit (429, or 403 with `retry-after`, `x-ratelimit-remaining: 0` or the message of the secondary limit)
 *   refuses a request before it takes effect: it is sent again in every case, after the time GitHub asks for.
 * - 408, 5xx and broken connections leave open whether the request took effect: only a `repeatable` one is sent
 *   again. The caller of any other reads the state again and decides.
 * - Every other answer is final.
 *
 * @param repeatable whether sending it twice has the effect of sending it once
 * @see https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
 */
export async function withRetry<T>(
  send: () => Promise<T>,
  repeatable: boolean,
  options: RetryOptions = {},
): Promise<T> {
  const { attempts, baseMs, longestMs } = { ...DEFAULTS, ...options };
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      const wait = attempt < attempts ? waitBeforeRetry(error, repeatable, baseMs * 2 ** (attempt - 1)) : undefined;
      if (wait === undefined || wait > longestMs) {
        throw error;
      }
      await sleep(wait);
    }
  }
}

/** Milliseconds to wait before sending again, or `undefined` when the failure is final. */
function waitBeforeRetry(error: unknown, repeatable: boolean, backOffMs: number): number | undefined {
  const failure = readFailure(error);
  if (failure === undefined) {
    return undefined;
  }
  const jittered = backOffMs * (0.5 + Math.random());
  if (isRateLimit(failure)) {
    return waitAskedFor(failure.headers) ?? Math.max(jittered, backOffMs * 4);
  }
  const passes = failure.unanswered || TRANSIENT.has(failure.status ?? 0);
  const isSafe = repeatable || codesOf(error).some((code) => NEVER_SENT.has(code));
  return passes && isSafe ? (waitAskedFor(failure.headers) ?? jittered) : undefined;
}

/** Whether GitHub refused because of a primary or secondary rate limit. */
export function isRateLimit({ status, headers, message }: Failure): boolean {
  if (status === 429) {
    return true;
  }
  return (
    status === 403 &&
    (headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0' || /rate limit/i.test(message))
  );
}

/** The wait that GitHub's headers ask for, in milliseconds. */
function waitAskedFor(headers: Record<string, string>): number | undefined {
  const seconds = headers['retry-after'];
  if (seconds !== undefined && /^\d+$/.test(seconds)) {
    return Number(seconds) * 1000;
  }
  const reset = headers['x-ratelimit-reset'];
  if (headers['x-ratelimit-remaining'] === '0' && reset !== undefined && /^\d+$/.test(reset)) {
    return Math.max(0, Number(reset) * 1000 - Date.now()) + 1000;
  }
  return undefined;
}
