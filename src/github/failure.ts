import * as v from 'valibot';

/** A failed request to GitHub. */
export interface Failure {
  /** HTTP status; `undefined` where no response arrived. */
  status: number | undefined;
  /** GitHub's own message, without the documentation link octokit appends. */
  message: string;
  headers: Record<string, string>;
  /** `true` where the connection failed, so whether the request took effect is unknown. */
  unanswered: boolean;
}

const requestErrorSchema = v.object({
  name: v.literal('HttpError'),
  message: v.string(),
  status: v.number(),
  request: v.optional(v.unknown()),
  response: v.optional(
    v.object({
      headers: v.record(v.string(), v.union([v.string(), v.number(), v.undefined()])),
      data: v.unknown(),
    }),
  ),
});

const messageSchema = v.object({ message: v.string(), errors: v.optional(v.array(v.unknown())) });

/**
 * Reads an error of octokit. Octokit reports a connection that broke as status 500 without a response.
 *
 * @returns `undefined` when the error is not a failed request
 */
export function readFailure(error: unknown): Failure | undefined {
  const parsed = v.safeParse(requestErrorSchema, error);
  if (!parsed.success) {
    return undefined;
  }
  const { response, status, message } = parsed.output;
  if (response === undefined) {
    return { status: undefined, message, headers: {}, unanswered: true };
  }
  return {
    status,
    message: messageOf(response.data) ?? message,
    headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value ?? '')])),
    unanswered: false,
  };
}

/**
 * Whether nobody knows if a request took effect: its answer was lost, or GitHub failed while it worked on it. What it was to
 * do has to be read again.
 */
export function mayHaveTakenEffect({ unanswered, status }: Failure): boolean {
  return unanswered || (status ?? 0) >= 500;
}

/** GitHub's message with its details: `Validation Failed: Reference already exists`. */
function messageOf(data: unknown): string | undefined {
  const body = v.safeParse(messageSchema, data);
  if (!body.success) {
    return undefined;
  }
  const details = (body.output.errors ?? []).map(describeDetail).filter((detail) => detail !== '');
  return details.length === 0 ? body.output.message : `${body.output.message}: ${details.join('; ')}`;
}

const detailSchema = v.object({
  message: v.optional(v.string()),
  resource: v.optional(v.string()),
  field: v.optional(v.string()),
  code: v.optional(v.string()),
});

/** One entry of `errors` of a 422. @see https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api */
function describeDetail(detail: unknown): string {
  if (typeof detail === 'string') {
    return detail;
  }
  const parsed = v.safeParse(detailSchema, detail);
  if (!parsed.success) {
    return '';
  }
  const { message, resource, field, code } = parsed.output;
  return message ?? [resource, field, code].filter((part) => part !== undefined).join(' ');
}
