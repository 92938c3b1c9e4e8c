import {
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getOperationAST,
  parse,
  validate,
} from 'graphql';
import * as v from 'valibot';
import type { Caller } from '../world/accounts.js';
import { Refusal } from '../world/refusal.js';
import type { World } from '../world/world.js';
import { mutationRoot } from './mutations/root.js';
import { pointsOf } from './points.js';
import { githubSchema, githubSchemaFor } from './schema.js';
import { queryRoot } from './views/query.js';

const requestSchema = v.object({
  query: v.string(),
  variables: v.nullish(v.record(v.string(), v.unknown())),
  operationName: v.nullish(v.string()),
});

/** The answer to a GraphQL request, and the points that it cost. */
export interface GraphqlExecution {
  body: unknown;
  points: number;
}

/**
 * Runs one GraphQL request over GitHub's own schema and answers in GitHub's shape. The root fields of a mutation run
 * one after the other; one that fails gives `null` and an error, and the next ones still run.
 *
 * @returns `{ data, errors }` as it is sent, and what it cost; where that is more than what is left, nothing is done
 * @throws Refusal 400 for a body that is no GraphQL request
 */
export async function executeGraphql(world: World, caller: Caller, body: unknown): Promise<GraphqlExecution> {
  const request = v.safeParse(requestSchema, body);
  if (!request.success) {
    throw new Refusal(400, 'A query attribute must be specified and must be a string.');
  }
  const { query, variables, operationName } = request.output;
  const { valid, problems } = readDocument(query);
  if (valid === undefined) {
    return { body: { errors: problems.map(formatError) }, points: 0 };
  }
  const { document, schema } = valid;
  const points = pointsOf(document, operationName ?? undefined, variables ?? {});
  if (!world.usage.spend(caller, points)) {
    return { body: { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] }, points: 0 };
  }
  const mutation = getOperationAST(document, operationName ?? undefined)?.operation === 'mutation';
  const result = await execute({
    schema,
    document,
    rootValue: mutation ? mutationRoot({ world, caller }) : queryRoot({ world, caller }),
    variableValues: variables ?? {},
    operationName: operationName ?? null,
    fieldResolver: resolveField,
  });
  const answer = {
    ...(result.data === undefined ? {} : { data: result.data }),
    ...(result.errors === undefined ? {} : { errors: result.errors.map(formatError) }),
  };
  return { body: answer, points };
}

/** A document with a schema that it fits, or the errors of GitHub's schema. */
interface Checked {
  valid: { document: DocumentNode; schema: GraphQLSchema } | undefined;
  problems: readonly GraphQLError[];
}

/** Cache of checked documents; values are in variables, so there are few different ones. */
const checked = new Map<string, Checked>();
const mostChecked = 300;

function readDocument(query: string): Checked {
  const known = checked.get(query);
  if (known !== undefined) {
    return known;
  }
  if (checked.size >= mostChecked) {
    checked.clear();
  }
  const fresh = checkDocument(query);
  checked.set(query, fresh);
  return fresh;
}

function checkDocument(query: string): Checked {
  try {
    const document = parse(query);
    const part = githubSchemaFor(document);
    if (part !== undefined && validate(part, document).length === 0) {
      return { valid: { document, schema: part }, problems: [] };
    }
    const schema = githubSchema();
    const problems = validate(schema, document);
    return { valid: problems.length === 0 ? { document, schema } : undefined, problems };
  } catch (error) {
    const problem = error instanceof GraphQLError ? error : new GraphQLError(String(error));
    return { valid: undefined, problems: [problem] };
  }
}

/**
 * A field is a property of its object or a method that takes the field's arguments. One that the object does not have
 * is an error that names it, never `null`.
 */
const resolveField: GraphQLFieldResolver<unknown, unknown> = (source, args, _context, info) => {
  if (typeof source === 'object' && source !== null && info.fieldName in source) {
    const value: unknown = Reflect.get(source, info.fieldName);
    return typeof value === 'function' ? Reflect.apply(value, source, [args]) : value;
  }
  throw new Error(`field ${info.parentType.name}.${info.fieldName} is not supported by the local GitHub`);
};

/** GitHub has the type of an error next to its message, not in `extensions`. */
function formatError(error: GraphQLError) {
  const { originalError, message, path, locations } = error;
  const where = { ...(path === undefined ? {} : { path }), ...(locations === undefined ? {} : { locations }) };
  if (originalError instanceof Refusal) {
    return { type: originalError.type, ...where, message: originalError.graphqlMessage };
  }
  return { ...where, message };
}
