import DataLoader from 'dataloader';
import * as v from 'valibot';
import type { GitHub } from './client.js';
import type { RepositoryName } from './context.js';
import { type GraphqlError, GraphqlErrors } from './graphql-error.js';

/** Declares a variable of the document and gives its `$name`: values reach a document through variables only. */
export type Bind = (type: string, value: unknown) => string;

/** One field of GraphQL's `Repository`, and the shape of what it gives. */
export interface Field<S extends v.GenericSchema> {
  /** The field with arguments and selection, without alias: `ref(qualifiedName: $v0) { … }`. */
  text: (bind: Bind) => string;
  schema: S;
  /** It walks through history: few of these fit into GitHub's time limit for one document. */
  heavy?: boolean;
}

/** Reads fields of one repository. Everything asked for in one tick is one request. */
export interface RepositoryReader {
  /**
   * @throws GraphqlErrors when this field failed, whatever became of the others
   */
  load<S extends v.GenericSchema>(field: Field<S>): Promise<v.InferOutput<S>>;
}

interface Request {
  text: Field<v.GenericSchema>['text'];
}

const answerSchema = v.object({ repository: v.nullable(v.record(v.string(), v.unknown())) });

/** Fields of one document: more than this makes GitHub's own time limit of ten seconds likely to strike. */
const FIELDS_A_DOCUMENT = 60;
const HEAVY_FIELDS_A_DOCUMENT = 10;

/**
 * A reader over GraphQL. Nothing is cached: every load asks.
 *
 * @param operation name of the documents, which GitHub's logs and ours show
 */
export function repositoryReader(github: GitHub, repository: RepositoryName, operation: string): RepositoryReader {
  const loaderOf = (maxBatchSize: number) =>
    new DataLoader<Request, unknown>((requests) => loadFields(github, repository, operation, requests), {
      cache: false,
      maxBatchSize,
    });
  const [light, heavy] = [loaderOf(FIELDS_A_DOCUMENT), loaderOf(HEAVY_FIELDS_A_DOCUMENT)];
  return {
    async load(field) {
      const value = await (field.heavy === true ? heavy : light).load({ text: field.text });
      const parsed = v.safeParse(field.schema, value);
      if (!parsed.success) {
        const issue = parsed.issues[0];
        throw new Error(`GitHub's answer does not fit at "${v.getDotPath(issue) ?? '(top)'}": ${issue.message}`);
      }
      return parsed.output;
    },
  };
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
