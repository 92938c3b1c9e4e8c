import { createServer, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { connect } from '../../src/github/client.js';
import { type RepositoryReader, repositoryReader } from '../../src/github/repository-reader.js';

const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) {
    close();
  }
});

/** How a GitHub says that a document is too much for it. */
type Refusal = 'limits' | 'time-out' | 'outage';

/** A GitHub that answers each field with its own alias, unless a document has more fields than it can do. */
async function serving(most: number, refusal: Refusal): Promise<{ reader: RepositoryReader; sizes: number[] }> {
  const sizes: number[] = [];
  const server = createServer(async (request, response) => {
    const aliases = [...(await bodyOf(request)).matchAll(/\bf\d+(?=: id\b)/g)].map(([alias]) => alias);
    sizes.push(aliases.length);
    const late = aliases.slice(most);
    const status = late.length > 0 && refusal !== 'limits' ? 502 : 200;
    response.writeHead(refusal === 'outage' ? 502 : status, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        data: { repository: Object.fromEntries(aliases.map((alias) => [alias, late.includes(alias) ? null : alias])) },
        errors: late.map((alias) => ({
          ...{ type: 'RESOURCE_LIMITS_EXCEEDED', path: ['repository', alias] },
          message: 'Resource limits for this query exceeded.',
        })),
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const github = connect({ token: 'x', apiUrl: url, graphqlUrl: url, retry: { attempts: 1 } });
  return { reader: repositoryReader(github, { owner: 'acme', name: 'ops' }, 'Read'), sizes };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
  }
  return text;
}

const load = (reader: RepositoryReader, fields: number, heavy: boolean) =>
  Promise.all(Array.from({ length: fields }, () => reader.load({ text: () => 'id', schema: v.string(), heavy })));

describe('fields of a repository asked for in one tick', () => {
  test('share documents of 200, where one that is much work counts as four', async () => {
    const { reader, sizes } = await serving(1000, 'limits');
    await load(reader, 450, false);
    await load(reader, 120, true);
    await Promise.all([load(reader, 10, true), load(reader, 160, false)]);
    expect(sizes).toEqual([200, 200, 50, 50, 50, 20, 170]);
  });

  test.each<Refusal>(['limits', 'time-out'])(
    'are asked again in smaller documents where one is too much for GitHub: %s',
    async (refusal) => {
      const { reader, sizes } = await serving(30, refusal);
      const answers = await load(reader, 50, true);
      expect(answers).toHaveLength(50);
      expect(answers.every((answer) => /^f\d+$/.test(answer))).toBe(true);
      expect(Math.max(...sizes.slice(1))).toBeLessThanOrEqual(25);
      sizes.length = 0;
      await load(reader, 50, true);
      expect(sizes).toEqual([25, 25]);
    },
  );

  test('that GitHub cannot answer at all fail, and not each on its own', async () => {
    const { reader, sizes } = await serving(0, 'outage');
    await expect(load(reader, 200, false)).rejects.toThrow();
    expect(sizes.length).toBeLessThan(10);
  });
});
