import { describe, expect, test } from '@jest/globals';
import { type Outgoing, post, SENDING } from '../../src/notify/post.js';
import { startReceiver } from './receivers.js';

type Answer = { status?: number; body?: string; headers?: Record<string, string> } | 'hang up';

/** Sends one request to a receiver that answers so, the last answer again and again. */
async function sent(answers: readonly Answer[], repeatable: boolean) {
  let turn = 0;
  const waits: number[] = [];
  const receiver = await startReceiver(() => answers[Math.min(turn++, answers.length - 1)] ?? {});
  const request: Outgoing = { method: 'POST', url: `${receiver.url}/x`, headers: {}, body: '{}', repeatable };
  const outcome = await post(request, { ...SENDING, wait: async (milliseconds) => waits.push(milliseconds) });
  await receiver.close();
  return { outcome, waits, count: receiver.received.length };
}

describe('a message', () => {
  test.each<[string, Answer[], boolean, object, number]>([
    ['is taken', [{}], false, { state: 'taken', body: 'ok' }, 1],
    [
      'is refused for good',
      [{ status: 404, body: 'no_service' }],
      true,
      { state: 'refused', detail: 'it answered 404: no_service', passes: false },
      1,
    ],
    [
      'is sent again when too many came',
      [{ status: 429, headers: { 'retry-after': '3' } }, {}],
      false,
      { state: 'taken', body: 'ok' },
      2,
    ],
    [
      'is given up when too many come',
      [{ status: 429 }],
      false,
      { state: 'refused', detail: 'it answered 429: ok', passes: true },
      3,
    ],
    [
      'is not waited for too long',
      [{ status: 429, headers: { 'retry-after': '3600' } }],
      false,
      { state: 'refused', detail: 'it answered 429: ok', passes: true },
      1,
    ],
    [
      'may have been taken by a server that failed',
      [{ status: 500 }],
      false,
      { state: 'unknown', detail: 'it answered 500: ok' },
      1,
    ],
    [
      'is sent again to a server that failed, if it may',
      [{ status: 500 }, {}],
      true,
      { state: 'taken', body: 'ok' },
      2,
    ],
    ['may have been taken without an answer', ['hang up'], false, { state: 'unknown' }, 1],
    ['is sent again without an answer, if it may', ['hang up', {}], true, { state: 'taken', body: 'ok' }, 2],
    [
      'is not sent to where a redirection points',
      [{ status: 302, headers: { location: 'http://127.0.0.1:1/' } }],
      true,
      { state: 'refused', detail: 'it answered 302: ok', passes: false },
      1,
    ],
  ])('%s', async (_, answers, repeatable, outcome, count) => {
    const result = await sent(answers, repeatable);
    expect(result.outcome).toMatchObject(outcome);
    expect(result.count).toBe(count);
  });

  test('that nobody listens to is no riddle, and its address is not shown', async () => {
    const receiver = await startReceiver();
    await receiver.close();
    const request = {
      method: 'POST',
      url: `${receiver.url}/secret`,
      headers: {},
      body: '{}',
      repeatable: false,
    } as const;
    const outcome = await post(request, { ...SENDING, wait: async () => {} });
    expect(outcome).toEqual({ state: 'refused', detail: 'it cannot be reached (ECONNREFUSED)', passes: true });
  });

  test('waits as long as it is asked to', async () => {
    const { waits } = await sent([{ status: 429, headers: { 'retry-after': '3' } }, { status: 429 }, {}], false);
    expect(waits).toEqual([3000, 2000]);
  });
});
