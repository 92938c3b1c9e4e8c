import DataLoader from 'dataloader';
import * as v from 'valibot';
import { inParallel } from '../runtime/parallel.js';
import type { GitHub } from './client.js';
import type { RepositoryName } from './context.js';
import { readFailure } from './failure.js';
import { type GraphqlError, GraphqlErrors } from './graphql-error.js';

/** Declares a variable of the document and gives its `$name`: values reach a document through variables only. */
export type Bind = (type: string, value: unknown) => string;

/** One field of GraphQL's `Repository`, and the shape of what it gives. */
export interface Field<S extends v.GenericSchema> {
  /** The field with arguments and selection, without alias: `ref(qualifiedName: $v0) { … }`. */
  text: (bind: Bind) => string;
  schema: S;
  /** It reads history or much data, so fewer of these fit into GitHub's limits for one document. */
  heavy?: boolean;
}

/** Reads fields of one repository. Everything asked for in one tick is one request. */
export interface RepositoryReader {
  /**
   * @throws GraphqlErrors when this field failed; the others may have succeeded
   */
  load<S extends v.GenericSchema>(field: Field<S>): Promise<v.InferOutput<S>>;
}

interface Request {
  text: Field<v.GenericSchema>['text'];
  /** Its weight, in plain fields. */
  weight: number;
}

const answerSchema = v.object({ repository: v.nullable(v.record(v.string(), v.unknown())) });

/** Plain fields in one document at first; fewer after GitHub has refused one as too large. */
const FIELDS_A_DOCUMENT = 200;

/** Weight of a heavy field. */
const HEAVY = 4;

/** Documents at a time: GitHub limits the processor time of all concurrent requests of a token. */
const DOCUMENTS_AT_ONCE = 4;

/**
 * A reader over GraphQL. Nothing is cached: every load asks.
 *
 * @param operation name of the documents, which GitHub's logs and ours show
 * @see https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
 */
export function repositoryReader(github: GitHub, repository: RepositoryName, operation: string): RepositoryReader {
  const answer = (requests: readonly Request[]) => loadFields(github, repository, operation, requests);
  const loader = new DataLoader<Request, unknown>(inDocuments(answer), { cache: false, maxBatchSize: Infinity });
  return {
    async load(field) {
      const value = await loader.load({ text: field.text, weight: field.heavy === true ? HEAVY : 1 });
      const parsed = v.safeParse(field.schema, value);
      if (!parsed.success) {
        const issue = parsed.issues[0];
        throw new Error(`GitHub's answer does not fit at "${v.getDotPath(issue) ?? '(top)'}": ${issue.message}`);
      }
      return parsed.output;
    },
  };
}

type Answer = (requests: readonly Request[]) => Promise<unknown[]>;

/** Splits requests into documents, and into smaller ones after GitHub has refused one as too large. */
function inDocuments(answer: Answer): Answer {
  let most = FIELDS_A_DOCUMENT;
  const answerSome: Answer = async (requests) => {
    const answers = await answer(requests).catch((error: unknown) => {
      if (requests.length > 1 && isTooMuch(error)) {
        return requests.map(() => error);
      }
      throw error;
    });
    const refused = requests.filter((_, index) => isTooMuch(answers[index]));
    if (refused.length === 0 || requests.length === 1) {
      return answers;
    }
    const half = Math.ceil(weightOf(requests) / 2);
    most = Math.min(most, half);
    // One after the other: when GitHub is down, the first failure ends it.
    const again = (await inParallel(packed(refused, half), 1, answerSome)).flat();
    return answers.map((each) => (isTooMuch(each) ? again.shift() : each));
  };
  return async (requests) => (await inParallel(packed(requests, most), DOCUMENTS_AT_ONCE, answerSome)).flat();
}

/** Requests in their order, packed into documents of at most this weight; one that weighs more is alone. */
function packed(requests: readonly Request[], most: number): Request[][] {
  const documents: Request[][] = [];
  let room = 0;
  for (const request of requests) {
    const last = documents.at(-1);
    if (last === undefined || request.weight > room) {
      documents.push([request]);
      room = most - request.weight;
    } else {
      last.push(request);
      room -= request.weight;
    }
  }
  return documents;
}

function weightOf(requests: readonly Request[]): number {
  return requests.reduce((sum, { weight }) => sum + weight, 0);
}

/**
 * Whether GitHub refused a document as too large: over its limit of ten seconds, or of resources for one query.
 *
 * @see https://github.blog/changelog/2025-09-01-graphql-api-resource-limits
 */
function isTooMuch(error: unknown): boolean {
  if (error instanceof GraphqlErrors) {
    return error.errors.some(
      ({ type, message }) => type === 'RESOURCE_LIMITS_EXCEEDED' || /^(Resource limits for|Timeout on)/.test(message),
    );
  }
  const status = readFailure(error)?.status;
  return status === 502 || status === 504;
}

async function loadFields(
  github: GitHub,
  { owner, name }: RepositoryName,
  operation: string,
  requests: readonly Request[],
): Promise<unknown[]> {
  const { bind, declarations, variables } = binder({ owner, name });
  const fields = requests.map(({ text }, index) => `f${index}: ${text(bind)}`);
  const document = `query ${operation}($owner: String!, $name: String!${declarations()}) {
  repository(owner: $owner, name: $name) {
    ${fields.join('\n    ')}
  }
}`;
  const { data, errors } = await github.queryParts(answerSchema, document, variables);
  const { repository } = data;
  if (repository === null) {
    throw new GraphqlErrors(errors);
  }
  return requests.map((_, index) => fieldFailure(errors, index) ?? repository[`f${index}`]);
}

function fieldFailure(errors: readonly GraphqlError[], index: number): GraphqlErrors | undefined {
  const own = errors.filter(({ path }) => path.length < 2 || path[1] === `f${index}`);
  return own.length === 0 ? undefined : new GraphqlErrors(own);
}

/** Collects the variables of one document. */
export function binder(variables: Record<string, unknown>): {
  bind: Bind;
  /** `, $v0: String!, $v1: ID!` of all bound so far. */
  declarations: () => string;
  variables: Record<string, unknown>;
} {
  const declared: string[] = [];
  return {
    bind(type, value) {
      const name = `v${declared.length}`;
      declared.push(`, $${name}: ${type}`);
      variables[name] = value;
      return `$${name}`;
    },
    declarations: () => declared.join(''),
    variables,
  };
}
