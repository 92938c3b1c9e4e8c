import { describe, expect, test } from '@jest/globals';
import { pages } from '../../src/github/page.js';

interface NumberPage {
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  nodes: number[];
}

/** Pages of two numbers each; the cursor of a page is the number after its last one. */
function numbers(last: number) {
  const requested: (string | null)[] = [];
  const read = async (after: string | null): Promise<NumberPage> => {
    requested.push(after);
    const first = Number(after ?? 0);
    const end = Math.min(first + 2, last);
    return { pageInfo: { hasNextPage: end < last, endCursor: String(end) }, nodes: [first, first + 1] };
  };
  return { requested, read };
}

describe('pages of a list', () => {
  test('are read to the end', async () => {
    const { requested, read } = numbers(6);
    const found: number[] = [];
    for await (const { nodes } of pages('the numbers', read)) {
      found.push(...nodes);
    }
    expect(found).toEqual([0, 1, 2, 3, 4, 5]);
    expect(requested).toEqual([null, '2', '4']);
  });

  test('are not requested after the caller has left the loop', async () => {
    const { requested, read } = numbers(1000);
    for await (const { nodes } of pages('the numbers', read)) {
      if (nodes.includes(3)) {
        break;
      }
    }
    expect(requested).toEqual([null, '2']);
  });

  test('of a list that does not exist are none', async () => {
    const found: NumberPage[] = [];
    for await (const page of pages<NumberPage>('the numbers', async () => undefined)) {
      found.push(page);
    }
    expect(found).toEqual([]);
  });

  test.each([
    ['does not say where the next page is', null, 'page 1 does not say where the next one begins'],
    ['comes again', 'same', 'after page 2 comes one that was there before'],
  ])('are an error when GitHub %s', async (_name, endCursor, reason) => {
    const read = async (): Promise<NumberPage> => ({ pageInfo: { hasNextPage: true, endCursor }, nodes: [] });
    const readAll = async () => {
      for await (const { nodes } of pages('the numbers', read)) {
        expect(nodes).toEqual([]);
      }
    };
    await expect(readAll()).rejects.toThrow(`GitHub does not give the numbers to the end: ${reason}.`);
  });

  test('are an error when there are more than a hundred', async () => {
    const readAll = async () => {
      let count = 0;
      for await (const { nodes } of pages('the numbers', numbers(1000).read)) {
        count += nodes.length;
      }
      return count;
    };
    await expect(readAll()).rejects.toThrow('there are more than 100 pages');
  });
});
