import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { fluxEventSchema, githubProvider } from './notification-controller.js';

/** What controllers of Flux 2.9 posted, and what the real notification controller sent to GitHub then. */
const captured = v.parse(
  v.array(
    v.object({
      name: v.string(),
      event: fluxEventSchema,
      status: v.optional(v.record(v.string(), v.string())),
      none: v.optional(v.string()),
    }),
  ),
  JSON.parse(readFileSync(join(import.meta.dirname, '..', 'fixtures', 'flux-events', 'github.json'), 'utf8')),
);
const UID = '3921d3b4-0d3b-4a8e-9d3e-1f0a5f7f0001';

describe('what a notification controller that is played makes', () => {
  test.each(captured.map((each) => [each.name, each] as const))(
    'of %s is what the real one made',
    (_, { event, status, none }) => {
      expect(githubProvider(UID)(event, 0)).toEqual(status ?? { none });
    },
  );

  test('of the same event within five minutes is nothing', () => {
    const [first] = captured;
    const provider = githubProvider(UID);
    const made = [0, 299_999, 300_000].map((now) => first && provider(first.event, now));
    expect(made).toEqual([first?.status, { none: 'repeated' }, first?.status]);
  });
});
