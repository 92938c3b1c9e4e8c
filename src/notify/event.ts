import * as v from 'valibot';

/** What may happen to an app in an environment, as the policy names it. */
export const EVENT_TYPES = ['released', 'promoted', 'rolled-back', 'changed', 'live', 'failed'] as const;

export type EventType = (typeof EVENT_TYPES)[number];

const id = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, 'expected the full id of a commit'));
const line = v.pipe(v.string(), v.minLength(1, 'expected a text'), v.maxLength(400, 'expected at most 400 characters'));

/**
 * Something that happened to an app in an environment: a version came (`released`, `promoted`, `rolled-back`, or `changed` by
 * hand), runs (`live`) or does not (`failed`). It is what `notify` takes as input, so its shape stays.
 */
export const eventSchema = v.strictObject({
  type: v.picklist(EVENT_TYPES),
  environment: line,
  app: line,
  version: line,
  /** The version before; missing for the first one. */
  previous: v.optional(line),
  /** The commit that says so, in the repository that this runs in. */
  commit: id,
  /** The commit that the version was made of: `owner/name@sha`, or `sha` alone. */
  source: v.optional(line),
  /** When it happened, ISO 8601. */
  at: v.pipe(v.string(), v.isoTimestamp('expected a time such as 2026-12-24T18:00:00Z')),
  /** Login, or a name. */
  by: v.optional(line),
  /** Page that tells more: a pull request, a run, a commit. */
  url: v.optional(v.pipe(v.string(), v.url('expected an address'))),
  /** Why, a sentence. */
  reason: v.optional(v.string()),
  /** Tells apart what happens more than once at a commit, such as the id of a report; missing where once is all. */
  occasion: v.optional(line),
});

export type DeliveryEvent = v.InferOutput<typeof eventSchema>;

/** Whether it says how a change ended, rather than that one began. */
export function isFinal({ type }: Pick<DeliveryEvent, 'type'>): boolean {
  return type === 'live' || type === 'failed';
}

/**
 * What tells an event from all others of its repository, the same however often it is made: a change of an app in an
 * environment is one, whatever it is called.
 */
export function eventId(event: DeliveryEvent): string {
  const { type, environment, app, commit, occasion } = event;
  const parts = [
    commit,
    environment,
    app,
    isFinal(event) ? type : 'change',
    ...(occasion === undefined ? [] : [occasion]),
  ];
  return parts.map(encodeURIComponent).join('/');
}

/** The id of the change whose end an event tells. */
export function changeId(event: DeliveryEvent): string {
  return eventId({ ...event, type: 'changed', occasion: undefined });
}

const WORDS: Readonly<Record<EventType, (place: string) => string>> = {
  released: (place) => `goes to ${place}`,
  promoted: (place) => `is promoted to ${place}`,
  'rolled-back': (place) => `is back in ${place}`,
  changed: (place) => `goes to ${place} by hand`,
  live: (place) => `is live in ${place}`,
  failed: (place) => `does not run in ${place}`,
};

/** Says an event in a sentence without its end: `shop 1.4.0 is live in production (was 1.3.2)`. */
export function sentence(event: DeliveryEvent): string {
  const { type, app, version, environment, previous } = event;
  const before = previous === undefined || isFinal(event) ? '' : ` (was ${previous})`;
  return `${app} ${version} ${WORDS[type](environment)}${before}`;
}
