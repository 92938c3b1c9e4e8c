import { setTimeout as sleep } from 'node:timers/promises';
import { codesOf, NEVER_SENT } from '../runtime/connection-errors.js';

/** A request to a receiver. Its address may be a secret. */
export interface Outgoing {
  method: 'POST' | 'PATCH';
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Whether to send it twice has the effect of sending it once. */
  repeatable: boolean;
}

/**
 * What became of a request: it was taken; it was not, for good or for now; or nobody knows, because its answer never came.
 */
export type Outcome =
  | { state: 'taken'; body: string }
  | { state: 'refused'; detail: string; passes: boolean }
  | { state: 'unknown'; detail: string };

/** Takes the place of time and network in tests. */
export interface Sending {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  wait: (milliseconds: number) => Promise<unknown>;
}

export const SENDING: Sending = { fetch: (url, init) => fetch(url, init), wait: (milliseconds) => sleep(milliseconds) };

const ATTEMPTS = 3;
const TIMEOUT_MS = 10_000;

/** The longest wait that a receiver may ask for: what takes longer is left to the next run. */
const LONGEST_WAIT_MS = 30_000;

/** Most characters of an answer that are looked at. */
const MOST_CHARACTERS = 10_000;

/**
 * Sends a request, again where that is safe: it was never sent, it was refused for now, or it may be repeated. A redirection
 * is not followed, for a secret goes to one host only.
 *
 * @returns what became of it; it never throws
 */
export async function post(request: Outgoing, sending: Sending = SENDING): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    const { outcome, wait } = await once(request, sending);
    const isOver = outcome.state === 'taken' || (outcome.state === 'refused' && !outcome.passes);
    const isUnclear = outcome.state === 'unknown' && !request.repeatable;
    const pause = wait ?? 1000 * 2 ** (attempt - 1);
    if (isOver || isUnclear || attempt === ATTEMPTS || pause > LONGEST_WAIT_MS) {
      return outcome;
    }
    await sending.wait(pause);
  }
}

async function once(
  { method, url, headers, body }: Outgoing,
  sending: Sending,
): Promise<{ outcome: Outcome; wait?: number }> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await sending.fetch(url, { method, headers, body, redirect: 'manual', signal });
    return await outcomeOf(response);
  } catch (error) {
    // Its message may have the address in it.
    const [code = error instanceof Error ? error.name : 'an error'] = codesOf(error);
    return {
      outcome: NEVER_SENT.has(code)
        ? { state: 'refused', detail: `it cannot be reached (${code})`, passes: true }
        : { state: 'unknown', detail: `its answer never came (${code})` },
    };
  }
}

async function outcomeOf(response: Response): Promise<{ outcome: Outcome; wait?: number }> {
  const { status } = response;
  // An answer that breaks off was begun: the request has arrived.
  const body = (await response.text().catch(() => '')).slice(0, MOST_CHARACTERS);
  if (status >= 200 && status < 300) {
    return { outcome: { state: 'taken', body } };
  }
  const asked = response.headers.get('retry-after') ?? '';
  const wait = /^\d{1,6}$/.test(asked) ? Number(asked) * 1000 : undefined;
  const said = body.trim().split('\n', 1)[0]?.slice(0, 200) ?? '';
  const detail = `it answered ${status}${said === '' ? '' : `: ${said}`}`;
  const isForNow = status === 429 || status === 408 || status === 425 || (status === 503 && wait !== undefined);
  const outcome: Outcome =
    status >= 500 && !isForNow ? { state: 'unknown', detail } : { state: 'refused', detail, passes: isForNow };
  return { outcome, ...(wait === undefined ? {} : { wait }) };
}
