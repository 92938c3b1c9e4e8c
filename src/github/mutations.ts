import * as v from 'valibot';
import type { GitHub } from './client.js';
import { errorAt, type GraphqlError } from './graphql-error.js';
import { binder } from './repository-reader.js';

/** One mutation of a document. */
export interface Mutation {
  /** Unique in its document; errors name it. */
  alias: string;
  /** GraphQL's name, for example `createRef`; its input type is derived from it. */
  name: string;
  input: Record<string, unknown>;
  /** Selection on the payload. */
  select: string;
}

/** Results of the mutations of a document, by alias. */
export interface MutationResults {
  /** The payload, or `undefined` where the mutation failed. */
  payload<S extends v.GenericSchema>(alias: string, schema: S): v.InferOutput<S> | undefined;
  error(alias: string): GraphqlError | undefined;
  errors: readonly GraphqlError[];
}

const answerSchema = v.record(v.string(), v.unknown());

/**
 * Runs mutations in one request. GitHub runs them one after the other, in order; one that fails gives an error and the
 * next still run, so the caller orders them such that each is harmless after the failure of those before it.
 *
 * @throws GraphqlErrors when the whole document failed
 * @see https://spec.graphql.org/October2021/#sec-Normal-and-Serial-Execution
 */
export async function runMutations(
  github: GitHub,
  operation: string,
  mutations: readonly Mutation[],
): Promise<MutationResults> {
  const { bind, declarations, variables } = binder({});
  const fields = mutations.map(({ alias, name, input, select }) => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
    return `${alias}: ${name}(input: ${bind(type, input)}) { ${select} }`;
  });
  const document = `mutation ${operation}(${declarations().slice(2)}) {\n  ${fields.join('\n  ')}\n}`;
  const { data, errors } = await github.queryParts(answerSchema, document, variables);
  return {
    errors,
    error: (alias) => errorAt(errors, alias),
    payload(alias, schema) {
      const value = data[alias];
      return value === null || value === undefined ? undefined : v.parse(schema, value);
    },
  };
}
