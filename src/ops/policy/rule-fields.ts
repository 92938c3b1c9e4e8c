import * as v from 'valibot';
import { DURATION } from '../../runtime/duration.js';

/** A length of time as people write it. */
export const durationField = v.pipe(v.string(), v.regex(DURATION, 'expected a duration such as 30m, 2h or 3d'));

const moment = v.pipe(
  v.string(),
  v.check(
    (text) =>
      /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
    'expected a time with its offset, such as "2026-12-24T18:00:00+01:00"',
  ),
);

const freezeSchema = v.strictObject({
  cron: v.pipe(
    v.optional(v.string()),
    v.description(
      'When it begins, again and again: minute, hour, day of month, month, day of week. It takes for, too.',
    ),
  ),
  for: v.pipe(v.optional(durationField), v.description('How long it lasts, for example 64h.')),
  timezone: v.pipe(v.optional(v.string(), 'UTC'), v.description('IANA name, for example Europe/Berlin. Default: UTC.')),
  from: v.pipe(
    v.optional(moment),
    v.description('When it begins, once, instead of cron: 2026-12-24T18:00:00+01:00. It takes to, too.'),
  ),
  to: v.pipe(v.optional(moment), v.description('When that ends.')),
});

/** `freeze` of an environment, in a policy of whatever kind of repository. */
export const freezeField = v.optional(v.array(freezeSchema), []);

/** `approvers`: logins, or teams as `owner/team`. */
export const approversField = v.optional(v.array(v.string()), []);

/** `approvals`: how many of the approvers have to approve. */
export const approvalsField = v.optional(
  v.pipe(v.number(), v.integer('expected a whole number'), v.minValue(1, 'expected 1 or more')),
);
