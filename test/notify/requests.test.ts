import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { readConfigFile } from '../../src/config/read-config.js';
import { eventId } from '../../src/notify/event.js';
import { type Receiver, receiversOf, receiversSchema } from '../../src/notify/receiver.js';
import { deployOf, requestFor, type Sender } from '../../src/notify/requests.js';
import { anEvent } from './receivers.js';

const sender: Sender = {
  page: 'https://github.com/acme/ops',
  secrets: new Map([
    ['SLACK', 'https://hooks.example/services/T/B/x'],
    ['HOOK', 'https://events.example/in?token=t'],
    ['KEY', 'shared'],
    ['ROLLBAR', 'post-token'],
    ['WRONG', 'ftp://files.example/x'],
    ['EMPTY', ''],
  ]),
  rollbarApi: 'https://api.rollbar.com/api/1',
};

function receivers(text: string): Receiver[] {
  const config = readConfigFile(receiversSchema, text, 'ostack.yaml');
  return receiversOf(config, [], config.value);
}

function receiver(text: string): Receiver {
  const [one] = receivers(`one: ${text}`);
  if (one === undefined) {
    throw new Error('no receiver');
  }
  return one;
}

const bodyOf = (text: string, event = anEvent(), deploy?: number): unknown =>
  JSON.parse(requestFor(receiver(text), event, sender, deploy).body);

describe('Slack', () => {
  test('gets a sentence with who, why and a link', () => {
    const request = requestFor(receiver('{ slack: SLACK }'), anEvent({ reason: 'Mails came twice' }), sender);
    expect([request.method, request.url, request.repeatable]).toEqual([
      'POST',
      'https://hooks.example/services/T/B/x',
      false,
    ]);
    expect(JSON.parse(request.body)).toEqual({
      text: 'shop 1.4.0 goes to production (was 1.3.2), by octocat: Mails came twice <https://github.com/acme/ops/pull/7|More>',
      unfurl_links: false,
    });
  });

  test.each([
    ['a mention', { by: '<!channel>' }, 'by &lt;!channel&gt;'],
    [
      'a link of another',
      { reason: '<https://evil.example|log in> & more' },
      '&lt;https://evil.example|log in&gt; &amp; more',
    ],
    ['a line of its own', { app: 'shop\n*Approved*' }, 'shop *Approved* 1.4.0'],
  ])('is not made to show %s by a text of somebody', (_, more, shown) => {
    expect(bodyOf('{ slack: SLACK }', anEvent(more))).toMatchObject({ text: expect.stringContaining(shown) });
  });
});

describe('a webhook', () => {
  test('gets a CloudEvent with an id that stays, signed with the key', () => {
    const event = anEvent();
    const request = requestFor(receiver('{ webhook: HOOK, key: KEY }'), event, sender);
    expect(JSON.parse(request.body)).toEqual({
      ...{ specversion: '1.0', id: `${'a'.repeat(40)}/production/shop/change`, source: 'https://github.com/acme/ops' },
      ...{ type: 'io.github.ostack.released', subject: 'production/shop', time: '2026-11-30T12:00:00Z' },
      datacontenttype: 'application/json',
      data: {
        ...{ environment: 'production', app: 'shop', version: '1.4.0', previous: '1.3.2', commit: 'a'.repeat(40) },
        ...{ source: `acme/apps@${'b'.repeat(40)}`, by: 'octocat', url: 'https://github.com/acme/ops/pull/7' },
      },
    });
    expect(request.headers).toEqual({
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'x-signature': `sha256=${createHmac('sha256', 'shared').update(request.body).digest('hex')}`,
    });
    expect(request.repeatable).toBe(true);
  });

  test('is not signed without a key, and may have its address in the policy', () => {
    const request = requestFor(receiver('{ webhook: "https://events.example/in" }'), anEvent(), sender);
    expect(request.url).toBe('https://events.example/in');
    expect(request.headers).not.toHaveProperty('x-signature');
  });
});

describe('Rollbar', () => {
  test.each([
    ['a change', '{ rollbar: ROLLBAR }', 'released', 'started'],
    ['a change, where no end is heard of', '{ rollbar: ROLLBAR, events: [released] }', 'released', 'succeeded'],
    ['what is live', '{ rollbar: ROLLBAR }', 'live', 'succeeded'],
    ['what failed', '{ rollbar: ROLLBAR }', 'failed', 'failed'],
  ] as const)('hears of %s as a deploy', (_, text, type, status) => {
    const request = requestFor(receiver(text), anEvent({ type }), sender);
    expect([request.method, request.url]).toEqual(['POST', 'https://api.rollbar.com/api/1/deploy/']);
    expect(request.headers).toMatchObject({ 'x-rollbar-access-token': 'post-token' });
    expect(JSON.parse(request.body)).toMatchObject({
      ...{ environment: 'production', revision: 'b'.repeat(40), status, local_username: 'octocat' },
      comment: expect.stringContaining('shop 1.4.0'),
    });
  });

  test('is told the end of the deploy that it knows', () => {
    const request = requestFor(receiver('{ rollbar: ROLLBAR }'), anEvent({ type: 'live' }), sender, 12);
    expect([request.method, request.url, request.body, request.repeatable]).toEqual([
      ...['PATCH', 'https://api.rollbar.com/api/1/deploy/12', '{"status":"succeeded"}', true],
    ]);
  });

  test.each([
    ['its own user of a login', '{ rollbar: ROLLBAR, user: ops, users: { octocat: brian } }', {}, 'brian'],
    ['the one for all others', '{ rollbar: ROLLBAR, user: ops, users: { ada: brian } }', {}, 'ops'],
    ['none', '{ rollbar: ROLLBAR }', {}, undefined],
  ])('gets %s', (_, text, more, user) => {
    const found = v.parse(v.object({ rollbar_username: v.optional(v.string()) }), bodyOf(text, anEvent(more)));
    expect(found.rollbar_username).toBe(user);
  });

  test('gets the version as revision where nobody knows the commit', () => {
    expect(bodyOf('{ rollbar: ROLLBAR }', anEvent({ source: undefined }))).toMatchObject({ revision: 'shop 1.4.0' });
  });

  test.each([
    ['{"data":{"deploy_id":12}}', 12],
    ['{"data":{}}', undefined],
    ['<html>', undefined],
  ])('answers %s', (body, deploy) => {
    expect(deployOf(receiver('{ rollbar: ROLLBAR }'), body)).toBe(deploy);
    expect(deployOf(receiver('{ slack: SLACK }'), body)).toBeUndefined();
  });
});

test.each([
  [
    '{ slack: MISSING }',
    'one takes the secret MISSING, which nobody gives: add it to "secrets" of notify, a line MISSING=….',
  ],
  [
    '{ slack: EMPTY }',
    'one takes the secret EMPTY, which nobody gives: add it to "secrets" of notify, a line EMPTY=….',
  ],
  ['{ slack: ROLLBAR }', 'The secret ROLLBAR of one is no https address.'],
  ['{ slack: WRONG }', 'The secret WRONG of one is no https address.'],
])('%s: %s', (text, message) => {
  expect(() => requestFor(receiver(text), anEvent(), sender)).toThrow(new Error(message));
});

test.each([
  ['{}', 'expected one of slack, webhook and rollbar, found 0 of them'],
  ['{ slack: A, rollbar: B }', 'expected one of slack, webhook and rollbar, found 2 of them'],
  ['{ slack: A, key: B }', 'expected it beside "webhook"'],
  ['{ slack: A, users: { a: b } }', 'expected it beside "rollbar"'],
  ['{ slack: "https://hooks.example/x" }', 'expected the name of a secret'],
  ['{ webhook: "http://events.example" }', 'expected an https address, or the name of a secret'],
  ['{ slack: A, events: [deployed] }', 'deployed'],
])('a receiver %s is refused', (text, message) => {
  expect(() => receivers(`one: ${text}`)).toThrow(message);
});

test.each([
  ['the type of a change', { type: 'promoted' }, true],
  ['who and why', { by: 'ada', reason: 'x', previous: undefined }, true],
  ['the app', { app: 'api' }, false],
  ['the environment', { environment: 'staging' }, false],
  ['the commit', { commit: 'c'.repeat(40) }, false],
  ['how it ended', { type: 'live' }, false],
  ['the occasion', { occasion: '2' }, false],
] as const)('an event that differs in %s is the same: %s', (_, more, same) => {
  expect(eventId(anEvent(more)) === eventId(anEvent())).toBe(same);
});
