import * as v from 'valibot';

/** A field for a time in a file that the actions write, in ISO 8601. */
export const timeField = v.pipe(
  v.string(),
  v.check(
    (text) => /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text)),
    'expected a time such as "2026-11-21T09:30:00Z"',
  ),
);
