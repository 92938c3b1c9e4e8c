import { expect, test } from '@jest/globals';
import { GraphqlErrors } from '../../src/github/graphql-error.js';
import { operationIn, tryOperation } from '../../src/github/try-operation.js';

const operation = operationIn({ owner: 'acme', name: 'ops' }, 'set commit statuses', 'statuses: write');

test('a failed request is reported and does not stop the rest', async () => {
  const reported: [string, unknown][] = [];
  const error = new GraphqlErrors([{ message: 'Something went wrong', type: 'INTERNAL', path: [] }]);
  const result = await tryOperation(
    operation,
    () => Promise.reject(error),
    (...each) => reported.push(each),
  );
  expect([result, reported]).toEqual([
    undefined,
    [[expect.stringMatching(/^Could not set commit statuses in acme\/ops: /), error]],
  ]);
});

test('what is no failed request is thrown, and a result is given as it is', async () => {
  const tell = () => {
    throw new Error('told');
  };
  await expect(tryOperation(operation, () => Promise.reject(new TypeError('a bug')), tell)).rejects.toThrow('a bug');
  expect(await tryOperation(operation, async () => 7, tell)).toBe(7);
});
