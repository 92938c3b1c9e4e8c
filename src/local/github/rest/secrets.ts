import * as v from 'valibot';
import { timestamp } from '../views/timestamp.js';
import type { NamedValue } from '../world/records.js';
import { Refusal } from '../world/refusal.js';
import { checkName, namedValue, put, putSecret, sealingKey } from '../world/secrets.js';
import { environmentOf } from './environments.js';
import { changes, paginated, type RepositoryRequest, type Route, readBody, reads } from './router.js';

const sealed = v.object({ encrypted_value: v.string(), key_id: v.string() });
const newVariable = v.object({ name: v.string(), value: v.string() });
const changedVariable = v.object({ name: v.optional(v.string()), value: v.optional(v.string()) });

/**
 * Secrets and variables of Actions: of a repository, and of an environment. GitHub's documentation names the permission of
 * variables both ways.
 */
export const secretRoutes: Route[] = [
  ...secretsAt('/actions', 'secrets', ({ repository }) => repository.secrets),
  ...secretsAt('/environments/{environment_name}', 'environments', (request) => environmentOf(request).secrets),
  ...variablesAt('/actions', ['variables', 'actions_variables'], ({ repository }) => repository.variables),
  ...variablesAt('/environments/{environment_name}', ['environments'], (request) => environmentOf(request).variables),
];

type Values = (request: RepositoryRequest) => Map<string, NamedValue>;

function secretsAt(place: string, permission: string, valuesOf: Values): Route[] {
  return [
    reads(`${place}/secrets`, [permission], async (request) => {
      const secrets = [...valuesOf(request).values()];
      return paginated(request, secrets, secretView, (views) => ({ total_count: secrets.length, secrets: views }));
    }),
    reads(`${place}/secrets/public-key`, [permission], async (request) => {
      valuesOf(request);
      const { id, publicKey } = await sealingKey(request.repository);
      return { status: 200, body: { key_id: id, key: publicKey } };
    }),
    reads(`${place}/secrets/{secret_name}`, [permission], async (request) => ({
      status: 200,
      body: secretView(namedValue(valuesOf(request), request.params.secret_name ?? '')),
    })),
    changes('PUT', `${place}/secrets/{secret_name}`, [permission], async (request) => {
      const { world, repository, params } = request;
      const secrets = valuesOf(request);
      const { key_id: keyId, encrypted_value: value } = readBody(sealed, request.body);
      const isNew = await putSecret(world, repository, secrets, params.secret_name ?? '', { keyId, value });
      return isNew ? { status: 201, body: {} } : { status: 204 };
    }),
    changes('DELETE', `${place}/secrets/{secret_name}`, [permission], async (request) => {
      const secrets = valuesOf(request);
      secrets.delete(namedValue(secrets, request.params.secret_name ?? '').name);
      return { status: 204 };
    }),
  ];
}

function variablesAt(place: string, permission: string[], valuesOf: Values): Route[] {
  return [
    reads(`${place}/variables`, permission, async (request) => {
      const variables = [...valuesOf(request).values()];
      const wrap = (views: unknown[]) => ({ total_count: variables.length, variables: views });
      return paginated(request, variables, variableView, wrap);
    }),
    changes('POST', `${place}/variables`, permission, async (request) => {
      const { name, value } = readBody(newVariable, request.body);
      checkName('Variable', name);
      const variables = valuesOf(request);
      if (variables.has(name.toUpperCase())) {
        throw new Refusal(409, 'Already exists - Variable already exists');
      }
      put(request.world, variables, name, value);
      return { status: 201, body: {} };
    }),
    reads(`${place}/variables/{name}`, permission, async (request) => ({
      status: 200,
      body: variableView(namedValue(valuesOf(request), request.params.name ?? '')),
    })),
    changes('PATCH', `${place}/variables/{name}`, permission, async (request) => {
      const variables = valuesOf(request);
      const known = namedValue(variables, request.params.name ?? '');
      const { name = known.name, value = known.value } = readBody(changedVariable, request.body);
      checkName('Variable', name);
      variables.delete(known.name);
      put(request.world, variables, name, value);
      return { status: 204 };
    }),
    changes('DELETE', `${place}/variables/{name}`, permission, async (request) => {
      const variables = valuesOf(request);
      variables.delete(namedValue(variables, request.params.name ?? '').name);
      return { status: 204 };
    }),
  ];
}

function secretView({ name, createdAt, updatedAt }: NamedValue) {
  return { name, created_at: timestamp(createdAt), updated_at: timestamp(updatedAt) };
}

function variableView(variable: NamedValue) {
  return { ...secretView(variable), value: variable.value };
}
