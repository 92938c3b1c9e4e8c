import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { type RepositoryReader, repositoryReader } from '../../src/github/repository-reader.js';
import { type GraphqlServer, graphqlServer } from '../support/graphql-server.js';

/** How a GitHub says that a document is too much for it. */
type Refusal = 'limits' | 'time-out' | 'outage';

interface Reading extends GraphqlServer {
  reader: RepositoryReader;
  /** Fields of each document. */
  sizes: number[];
}

/** A GitHub that answers each field with its own alias, unless a document has more fields than it can do. */
async function serving(most: number, refusal: Refusal): Promise<Reading> {
  const sizes: number[] = [];
  const server = await graphqlServer((body) => {
    const aliases = [...body.matchAll(/\bf\d+(?=: id\b)/g)].map(([alias]) => alias);
    sizes.push(aliases.length);
    const late = aliases.slice(most);
    if (refusal === 'outage' || (refusal === 'time-out' && late.length > 0)) {
      return { status: 502 };
    }
    return {
      data: { repository: Object.fromEntries(aliases.map((alias) => [alias, late.includes(alias) ? null : alias])) },
      errors: late.map((alias) => ({
        ...{ type: 'RESOURCE_LIMITS_EXCEEDED', path: ['repository', alias] },
        message: 'Resource limits for this query exceeded.',
      })),
    };
  });
  return { ...server, reader: repositoryReader(server.github, { owner: 'acme', name: 'ops' }, 'Read'), sizes };
}

const load = (reader: RepositoryReader, fields: number, heavy: boolean) =>
  Promise.all(Array.from({ length: fields }, () => reader.load({ text: () => 'id', schema: v.string(), heavy })));

describe('fields of a repository asked for in one tick', () => {
  test('share documents of 200, where one that is much work counts as four', async () => {
    await using world = await serving(1000, 'limits');
    const { reader, sizes } = world;
    await load(reader, 450, false);
    await load(reader, 120, true);
    await Promise.all([load(reader, 10, true), load(reader, 160, false)]);
    expect(sizes).toEqual([200, 200, 50, 50, 50, 20, 170]);
  });

  test.each<Refusal>(['limits', 'time-out'])(
    'are asked again in smaller documents where one is too much for GitHub: %s',
    async (refusal) => {
      await using world = await serving(30, refusal);
      const { reader, sizes } = world;
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
    await using world = await serving(0, 'outage');
    await expect(load(world.reader, 200, false)).rejects.toThrow();
    expect(world.sizes.length).toBeLessThan(10);
  });
});
