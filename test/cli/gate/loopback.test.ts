import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Answer, openPage, type Page } from '../../../src/cli/gate/loopback.js';
import { post } from './person.js';

let page: Page;
let taken: string[];
let asking: Promise<void>;

beforeEach(async () => {
  page = await openPage('acme/<ops>', 'https://github.example');
  taken = [];
  const accept = async (answer: Answer) => {
    taken.push(answer.get('key') ?? '');
    return answer.get('key') === 'right' ? undefined : 'That is <wrong>.';
  };
  const question = { title: 'A key', text: 'Say it.', link: 'https://github.example/k', linkText: 'Keys' };
  asking = page.ask({ kind: 'give-key', ...question, action: page.answerUrl, hidden: page.state }, accept);
});

afterEach(async () => {
  const ended = page.end('Done.');
  await fetch(page.url);
  await ended;
});

const answer = (fields: Record<string, string>) => post(page.answerUrl, new URLSearchParams(fields));

/** The status of a request that names another host, as a page of somebody else would. */
function asOtherHost(): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(page.url, { headers: { host: 'evil.example' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject).end();
  });
}

describe('The page on loopback', () => {
  test('takes an answer that is right, after one that is not', async () => {
    await answer({ state: page.state, key: 'no' });
    expect(await (await fetch(page.url)).text()).toContain('That is &lt;wrong&gt;.');
    await answer({ state: page.state, key: 'right' });
    await asking;
    expect(taken).toEqual(['no', 'right']);
  });

  test.each([
    ['without its state', {}],
    ['with a state that somebody guessed', { state: 'a'.repeat(32) }],
  ])('takes no answer %s', async (_what, fields) => {
    expect((await answer({ key: 'right', ...fields })).status).toBe(400);
    expect(taken).toEqual([]);
  });

  test('takes no answer that is longer than any key', async () => {
    expect((await answer({ state: page.state, key: 'x'.repeat(30_000) })).status).toBe(400);
    expect(taken).toEqual([]);
  });

  test('is nowhere but under its own name and folder', async () => {
    expect((await fetch(new URL('/', page.url))).status).toBe(404);
    expect((await fetch(new URL(`/${'0'.repeat(32)}/`, page.url))).status).toBe(404);
    expect(await asOtherHost()).toBe(404);
    expect(new URL(page.url).hostname).toBe('127.0.0.1');
  });

  test('runs no script but its own, sends forms to GitHub alone, is in no frame and in no cache', async () => {
    const response = await fetch(page.url);
    const text = await response.text();
    const policy = response.headers.get('content-security-policy') ?? '';
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1];
    expect(text).toContain(`<script nonce="${nonce}">`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'self' https://github.example;");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(text).toContain('The gate of acme/&lt;ops&gt;');
  });
});
