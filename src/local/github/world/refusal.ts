/** One entry of `errors` in the body of a REST answer. */
export interface RefusalDetail {
  resource?: string;
  field?: string;
  code?: string;
  message?: string;
}

export interface RefusalOptions {
  /** The error `type` GraphQL reports, for example `NOT_FOUND`. */
  type?: string;
  /** GraphQL's message where it differs from REST's. */
  graphqlMessage?: string;
  errors?: (RefusalDetail | string)[];
  headers?: Record<string, string>;
}

/** An error answer with GitHub's status and message; REST and GraphQL both answer from it. */
export class Refusal extends Error {
  readonly status: number;
  readonly type: string;
  readonly graphqlMessage: string;
  readonly errors: (RefusalDetail | string)[] | undefined;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, options: RefusalOptions = {}) {
    super(message);
    this.status = status;
    this.type = options.type ?? graphqlTypes[status] ?? 'UNPROCESSABLE';
    this.graphqlMessage = options.graphqlMessage ?? message;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }
}

const graphqlTypes: Record<number, string> = { 401: 'FORBIDDEN', 403: 'FORBIDDEN', 404: 'NOT_FOUND' };

/** GitHub's 404, for what does not exist and for what the token may not see. */
export function notFound(what?: string): Refusal {
  return new Refusal(404, 'Not Found', what === undefined ? {} : { graphqlMessage: what });
}

/** GitHub's 422 for one field. */
export function invalid(resource: string, field: string, code: string, message?: string): Refusal {
  return new Refusal(422, 'Validation Failed', {
    graphqlMessage: message ?? `${resource} ${field} is ${code}`,
    errors: [{ resource, field, code, ...(message === undefined ? {} : { message }) }],
  });
}

/** GitHub's 422 with a sentence, for example "No commits between main and topic". */
export function custom(resource: string, message: string): Refusal {
  return new Refusal(422, 'Validation Failed', {
    graphqlMessage: message,
    errors: [{ resource, code: 'custom', message }],
  });
}
