import { Refusal } from '../world/refusal.js';

/** Arguments of every paged field. */
export interface Paging {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
}

/**
 * A page of a list. Nodes are built only when a document selects them.
 *
 * @param field name of the field, for messages
 * @throws Refusal with GitHub's message without `first` or `last`, or for more than 100
 */
export function connection<Item, View>(
  field: string,
  items: readonly Item[],
  paging: Paging,
  show: (item: Item) => View,
) {
  const { start, end } = bounds(field, items.length, paging);
  const page = items.slice(start, end);
  return {
    totalCount: items.length,
    nodes: () => page.map(show),
    edges: () => page.map((item, index) => ({ cursor: cursor(start + index), node: () => show(item) })),
    pageInfo: {
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
      startCursor: page.length === 0 ? null : cursor(start),
      endCursor: page.length === 0 ? null : cursor(end - 1),
    },
  };
}

function bounds(field: string, length: number, { first, last, after, before }: Paging): { start: number; end: number } {
  const size = first ?? last;
  if (size === undefined || size === null) {
    throw new Refusal(
      422,
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${field}\` connection.`,
      {
        type: 'MISSING_PAGINATION_BOUNDARIES',
      },
    );
  }
  if (size < 0 || size > 100) {
    const name = first === undefined || first === null ? 'last' : 'first';
    throw new Refusal(
      422,
      `Requesting ${size} records on the \`${field}\` connection exceeds the \`${name}\` limit of 100 records.`,
      { type: 'EXCESSIVE_PAGINATION' },
    );
  }
  const from = after === undefined || after === null ? 0 : position(after) + 1;
  const to = before === undefined || before === null ? length : position(before);
  return first === undefined || first === null
    ? { start: Math.max(from, to - size), end: to }
    : { start: from, end: Math.min(to, from + size, length) };
}

function cursor(index: number): string {
  return Buffer.from(`cursor:${index}`).toString('base64');
}

function position(text: string): number {
  const match = /^cursor:(\d+)$/.exec(Buffer.from(text, 'base64').toString());
  if (match === null) {
    throw new Refusal(422, `\`${text}\` does not appear to be a valid cursor.`, { type: 'INVALID_CURSOR_ARGUMENTS' });
  }
  return Number(match[1]);
}
