import { expect, test } from '@jest/globals';
import { recordFor } from '../../../../../src/ops/verbs/previews/commands/last-record.js';
import { recordOf } from '../support.js';

test.each([
  ['that went before it', '2026-11-21T08:59:59Z', true],
  ['that went in the same second', '2026-11-21T09:00:00Z', true],
  ['but none that was removed since, when it is sent again', '2026-11-21T09:00:01Z', false],
])('a command brings back a preview %s', (_which, goneAt, expected) => {
  const record = recordOf(7);
  const found = recordFor(new Date('2026-11-21T09:00:00.400Z'), { record, goneAt: new Date(goneAt) });
  expect(found).toBe(expected ? record : undefined);
});
