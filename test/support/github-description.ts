/**
 * Checks REST requests and answers against GitHub's own OpenAPI description (the part that `scripts/openapi.ts` keeps).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import * as v from 'valibot';
import type { Exchange, Stage } from '../../src/local/stage.js';

const contentSchema = v.object({ content: v.optional(v.record(v.string(), v.object({ schema: v.unknown() }))) });
const operationSchema = v.object({
  requestBody: v.optional(contentSchema),
  responses: v.record(v.string(), v.union([contentSchema, v.object({ $ref: v.string() })])),
});
const descriptionSchema = v.object({
  paths: v.record(v.string(), v.record(v.string(), v.unknown())),
  components: v.record(v.string(), v.record(v.string(), v.unknown())),
});

const file = join(import.meta.dirname, '..', 'local', 'github', 'vendor', 'openapi.json');
const description = v.parse(descriptionSchema, JSON.parse(readFileSync(file, 'utf8')));
const ajv = new Ajv({ strict: false, logger: false, allErrors: true });
addFormats.default(ajv);
// GitHub itself sends an empty text where there is no URL.
ajv.addFormat('uri', (text) => text === '' || URL.canParse(text));
ajv.addSchema({ $id: 'github', components: withNull(description.components) });
const validators = new Map<string, ValidateFunction>();

/**
 * Watches every REST request of a stage.
 *
 * @returns the list of what does not fit GitHub's description, which grows as requests are made; empty is good
 */
export function watchDescription(stage: Stage): string[] {
  const problems: string[] = [];
  stage.github.onExchange((exchange) => problems.push(...problemsOf(exchange)));
  return problems;
}

/** The path templates of the description, as `METHOD /path`. */
export function describedOperations(): string[] {
  return Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

/** The operation a request belongs to, as `METHOD /path`; literal segments win over parameters. */
export function operationOf({ method, path }: Pick<Exchange, 'method' | 'path'>): string | undefined {
  const fitting = describedOperations().filter((operation) => {
    const [verb, template = ''] = operation.split(' ');
    const pattern = template.replace(/\{(ref|tree_sha|basehead|path|branch|tag)\}/g, '.+').replace(/\{\w+\}/g, '[^/]+');
    return verb === method && new RegExp(`^${pattern}$`).test(path);
  });
  const literal = (operation: string) => operation.replace(/\{\w+\}/g, '').length;
  return fitting.sort((a, b) => literal(b) - literal(a))[0];
}

function problemsOf(exchange: Exchange): string[] {
  const { method, path, status, requestBody, responseText } = exchange;
  const name = `${method} ${path} ${status}`;
  const operation = operationOf(exchange);
  if (operation === undefined) {
    return status === 501 ? [] : [`${name}: GitHub has no such operation`];
  }
  const [, template = ''] = operation.split(' ');
  const described = v.parse(operationSchema, description.paths[template]?.[method.toLowerCase()]);
  const request = schemaOf(described.requestBody);
  const wrongRequest =
    request === undefined || status >= 400 ? [] : check(`${operation} request`, request, requestBody ?? {});
  const response = schemaOf(responseOf(described.responses[String(status)]));
  if (status < 400 && described.responses[String(status)] === undefined) {
    return [...wrongRequest, `${name}: GitHub does not answer with this status`];
  }
  const wrongAnswer =
    response === undefined || responseText === ''
      ? []
      : check(`${operation} ${status}`, response, JSON.parse(responseText));
  return [...wrongRequest, ...wrongAnswer];
}

function responseOf(response: v.InferOutput<typeof operationSchema>['responses'][string] | undefined) {
  if (response === undefined || !('$ref' in response)) {
    return response;
  }
  const name = response.$ref.split('/').at(-1) ?? '';
  return v.parse(contentSchema, description.components.responses?.[name]);
}

function schemaOf(holder: v.InferOutput<typeof contentSchema> | undefined): unknown {
  return holder?.content?.['application/json']?.schema;
}

function check(name: string, schema: unknown, value: unknown): string[] {
  const validator = validators.get(name) ?? ajv.compile(v.parse(v.record(v.string(), v.unknown()), withNull(schema)));
  validators.set(name, validator);
  if (validator(value)) {
    return [];
  }
  return (validator.errors ?? []).map(({ instancePath, message }) => `${name}${instancePath}: ${message}`);
}

/** OpenAPI 3.0 says `nullable: true` where JSON Schema wants a type `null`; references become absolute. */
function withNull(schema: unknown): unknown {
  if (Array.isArray(schema)) {
    return schema.map(withNull);
  }
  if (typeof schema !== 'object' || schema === null) {
    return schema;
  }
  if ('$ref' in schema && typeof schema.$ref === 'string') {
    return { $ref: schema.$ref.replace(/^#/, 'github#') };
  }
  const { nullable, ...rest }: Record<string, unknown> = { ...schema };
  const converted = Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, withNull(inner)]));
  return nullable === true ? { anyOf: [{ type: 'null' }, converted] } : converted;
}
