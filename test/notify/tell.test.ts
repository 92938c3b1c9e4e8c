import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DeliveryEvent } from '../../src/notify/event.js';
import type { Mark, Marks } from '../../src/notify/marks.js';
import { SENDING } from '../../src/notify/post.js';
import type { Receiver } from '../../src/notify/receiver.js';
import { tell } from '../../src/notify/tell.js';
import { anEvent, startReceiver } from './receivers.js';

const ALL = { events: undefined, environments: undefined };
const SLACK: Receiver = { name: 'channel', to: { kind: 'slack', secret: 'SLACK' }, ...ALL };
const HOOK: Receiver = { name: 'hook', to: { kind: 'webhook', secret: 'HOOK', key: undefined }, ...ALL };
const ROLLBAR: Receiver = {
  name: 'errors',
  to: { kind: 'rollbar', secret: 'ROLLBAR', user: undefined, users: {} },
  ...ALL,
};

/** Marks in memory. A run is stopped before or after the step that it counts down to. */
function memory() {
  const kept: Mark[] = [];
  let left = Number.POSITIVE_INFINITY;
  const step = <T>(work: () => T): Promise<T> => {
    if (--left === 0) {
      throw new Error('stopped');
    }
    const result = work();
    if (--left === 0) {
      throw new Error('stopped');
    }
    return Promise.resolve(result);
  };
  const marks: Marks = {
    read: async () => step(() => kept.map((mark) => ({ ...mark }))),
    claim: async (_, key) =>
      step(() => {
        const mark: Mark = { id: kept.length + 1, key, state: 'claimed', deploy: undefined };
        kept.push(mark);
        return { ...mark };
      }),
    settle: async ({ id }, state, _detail, deploy) =>
      step(() => {
        Object.assign(kept.find((mark) => mark.id === id) ?? {}, { state, deploy });
      }),
  };
  return { kept, marks, stopAt: (count: number) => (left = count), step };
}

let deploys: Map<number, string>;
let slack: Awaited<ReturnType<typeof startReceiver>>;
let hook: typeof slack;
let rollbar: typeof slack;
beforeEach(async () => {
  deploys = new Map();
  slack = await startReceiver();
  hook = await startReceiver();
  rollbar = await startReceiver(({ method, path, body }) => {
    const id = method === 'PATCH' ? Number(path.split('/').at(-1)) : deploys.size + 1;
    deploys.set(id, JSON.parse(body).status);
    return { body: JSON.stringify({ data: { deploy_id: id } }) };
  });
});
afterEach(() => Promise.all([slack, hook, rollbar].map((each) => each.close())));

function run(marks: Marks, events: DeliveryEvent[], receivers: Receiver[], fetch = SENDING.fetch) {
  const secrets = new Map([
    ['SLACK', `${slack.url}/services/secret`],
    ['HOOK', hook.url],
    ['ROLLBAR', 'token'],
  ]);
  const sender = { page: 'https://github.com/acme/ops', secrets, rollbarApi: rollbar.url };
  return tell({ events, receivers, marks, sender, dryRun: false, sending: { fetch, wait: async () => {} } });
}

const CHANGE = anEvent();
const LIVE = anEvent({ type: 'live', at: '2026-11-30T12:05:00Z' });

describe('telling', () => {
  test('tells each receiver once of what it hears of, oldest first', async () => {
    const { marks } = memory();
    const some: Receiver = { ...SLACK, events: ['live'] };
    const elsewhere: Receiver = { ...HOOK, environments: ['staging'] };
    await run(marks, [LIVE, CHANGE], [some, elsewhere, ROLLBAR]);
    const second = await run(marks, [LIVE, CHANGE], [some, elsewhere, ROLLBAR]);
    expect(slack.received.map(({ body }) => JSON.parse(body).text)).toEqual([
      expect.stringContaining('is live in production'),
    ]);
    expect(hook.received).toEqual([]);
    expect(rollbar.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /deploy/',
      'PATCH /deploy/1',
    ]);
    expect([...deploys]).toEqual([[1, 'succeeded']]);
    expect(second.map(({ state }) => state)).toEqual(['before', 'before', 'before']);
  });

  test('of a run that is stopped anywhere, the next one tells what is safe to tell', async () => {
    for (let at = 1; ; at++) {
      for (const each of [slack, hook, rollbar]) {
        each.received.length = 0;
      }
      deploys.clear();
      const { marks, stopAt, step } = memory();
      const fetch: typeof SENDING.fetch = (url, init) =>
        step(() => SENDING.fetch(url, init)).then((response) => response);
      stopAt(at);
      const whole = await run(marks, [CHANGE, LIVE], [SLACK, HOOK, ROLLBAR], fetch).then(
        () => true,
        () => false,
      );
      stopAt(Number.POSITIVE_INFINITY);
      await run(marks, [CHANGE, LIVE], [SLACK, HOOK, ROLLBAR]);
      await run(marks, [CHANGE, LIVE], [SLACK, HOOK, ROLLBAR]);
      // Slack: each at most once. A webhook: each at least once, by its id once. Rollbar: no deploy too many, and none goes on.
      const texts = slack.received.map(({ body }) => body);
      expect([at, new Set(texts).size]).toEqual([at, texts.length]);
      expect(texts.length).toBeGreaterThanOrEqual(1);
      const ids = hook.received.map(({ body }) => JSON.parse(body).id);
      expect([at, [...new Set(ids)]]).toEqual([at, [expect.stringMatching(/change$/), expect.stringMatching(/live$/)]]);
      expect([at, [...deploys.values()].filter((status) => status === 'succeeded').length <= 1]).toEqual([at, true]);
      if (whole) {
        break;
      }
    }
  });

  test('of two runs at the same time, one tells', async () => {
    const { marks } = memory();
    await Promise.all([run(marks, [CHANGE], [SLACK]), run(marks, [CHANGE], [SLACK])]);
    expect(slack.received.length).toBe(1);
  });

  test('nothing is read for a receiver that is left alone', async () => {
    const { marks } = memory();
    const failing = await startReceiver(() => ({ status: 429 }));
    const read: string[] = [];
    const told = await tell({
      events: [CHANGE, anEvent({ commit: 'b'.repeat(40), at: '2026-11-30T13:00:00Z' })],
      receivers: [SLACK],
      marks: { ...marks, read: (commit) => marks.read(commit).finally(() => read.push(commit)) },
      sender: { page: '', secrets: new Map([['SLACK', `${failing.url}/services/secret`]]), rollbarApi: '' },
      dryRun: false,
      sending: { ...SENDING, wait: async () => {} },
    });
    await failing.close();
    expect(told.map(({ state }) => state)).toEqual(['failed', 'failed']);
    expect(new Set(read)).toEqual(new Set([CHANGE.commit]));
  });

  test('a receiver that fails keeps back no other, is left alone for the rest of the run, and is tried by the next one', async () => {
    const { marks } = memory();
    let status = 429;
    const failing = await startReceiver(() => ({ status }));
    const events = [CHANGE, LIVE];
    const secrets = new Map([
      ['SLACK', `${failing.url}/services/secret`],
      ['HOOK', hook.url],
    ]);
    const sender = { page: 'https://github.com/acme/ops', secrets, rollbarApi: rollbar.url };
    const once = () =>
      tell({
        events,
        receivers: [SLACK, HOOK],
        marks,
        sender,
        dryRun: false,
        sending: { ...SENDING, wait: async () => {} },
      });
    const first = await once();
    expect(first.map(({ receiver, state }) => `${receiver} ${state}`)).toEqual([
      ...['channel failed', 'hook told', 'channel failed', 'hook told'],
    ]);
    expect(failing.received.length).toBe(3);
    status = 200;
    expect((await once()).map(({ state }) => state)).toEqual(['told', 'before', 'told', 'before']);
    await failing.close();
  });

  test('a receiver that always fails is given up', async () => {
    const { marks } = memory();
    const states: string[] = [];
    for (let turn = 0; turn < 7; turn++) {
      const told = await run(marks, [CHANGE], [HOOK], async () => new Response('busy', { status: 429 }));
      states.push(...told.map(({ state }) => state));
    }
    expect(states).toEqual([...Array(5).fill('failed'), 'given-up', 'given-up']);
  });

  test.each([
    ['refuses for good', 404, 'given-up'],
    ['fails, and may have taken it', 500, 'unclear'],
  ])(
    'a receiver that %s is not sent it again, and what it repeats of a secret is not shown',
    async (_, status, state) => {
      const { marks } = memory();
      const answer = async () => new Response(`no /services/secret at ${slack.url}/services/secret`, { status });
      const [first] = await run(marks, [CHANGE], [SLACK], answer);
      expect(first).toMatchObject({ state, detail: expect.stringContaining(`it answered ${status}`) });
      expect(first?.detail).not.toContain('secret');
      const [second] = await run(marks, [CHANGE], [SLACK]);
      expect(second?.state).toBe(state);
      expect(slack.received).toEqual([]);
    },
  );

  test('a secret that is missing is a receiver that fails', async () => {
    const { marks, kept } = memory();
    const missing: Receiver = { ...SLACK, to: { kind: 'slack', secret: 'OTHER' } };
    const told = await run(marks, [CHANGE], [missing, HOOK]);
    expect(told.map(({ state }) => state)).toEqual(['failed', 'told']);
    expect(kept.length).toBe(1);
  });

  test('a dry run tells and keeps nothing', async () => {
    const { marks, kept } = memory();
    const sender = { page: '', secrets: new Map([['HOOK', hook.url]]), rollbarApi: '' };
    const told = await tell({ events: [CHANGE], receivers: [HOOK], marks, sender, dryRun: true });
    expect([told.map(({ state }) => state), kept, hook.received]).toEqual([['would'], [], []]);
  });
});
