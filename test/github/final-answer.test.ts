import { describe, expect, test } from '@jest/globals';
import { isFinalAnswer, isUnprocessable } from '../../src/github/errors.js';
import { GraphqlErrors } from '../../src/github/graphql-error.js';

/** As octokit throws it; without headers no answer came. */
const http = (status: number, headers?: Record<string, string>, message = 'no') =>
  Object.assign(new Error(message), {
    ...{ name: 'HttpError', status },
    ...(headers === undefined ? {} : { response: { headers, data: { message } } }),
  });
const graphql = (...types: (string | undefined)[]) =>
  new GraphqlErrors(types.map((type) => ({ message: 'no', path: [], ...(type === undefined ? {} : { type }) })));

describe('whether asking again changes nothing', () => {
  test.each<[string, unknown, boolean]>([
    ['the token is no good', http(401, {}), true],
    ['a permission is missing', http(403, {}), true],
    ['there is no such thing', http(404, {}), true],
    ['it makes no sense', http(422, {}), true],
    ['it took GitHub too long', http(408, {}), false],
    ['a rate limit', http(429, {}), false],
    ['a rate limit that is called a refusal', http(403, { 'x-ratelimit-remaining': '0' }), false],
    ['the secondary limit', http(403, {}, 'You have exceeded a secondary rate limit'), false],
    ['GitHub failed', http(502, {}), false],
    ['no answer came', http(500), false],
    ['GraphQL says so of all', graphql('FORBIDDEN', 'NOT_FOUND', 'UNPROCESSABLE'), true],
    ['GraphQL failed in one part', graphql('UNPROCESSABLE', undefined), false],
    ['a rate limit of GraphQL', graphql('RATE_LIMITED'), false],
    ['it is told with what was done', new Error('Could not do it', { cause: http(422, {}) }), true],
    ['it is no request', new TypeError('x is undefined'), false],
  ])('%s', (_, error, expected) => {
    expect(isFinalAnswer(error)).toBe(expected);
  });
});

test.each<[unknown, boolean]>([
  [http(422, {}), true],
  [http(404, {}), false],
  [http(403, {}), false],
  [graphql('UNPROCESSABLE'), true],
  [graphql('UNPROCESSABLE', 'FORBIDDEN'), false],
])('what is wrong in itself says nothing of other requests (%#)', (error, expected) => {
  expect(isUnprocessable(error)).toBe(expected);
});
