/** The page of each `ostack.yaml`, made from their schemas and from examples that have every key. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { parse } from 'yaml';
import { appsConfigSchema, readAppsConfig } from '../../src/apps/config.js';
import { readInfraConfig } from '../../src/infra/config/infra-config.js';
import { infraSchema } from '../../src/infra/config/infra-schema.js';
import { readPolicy } from '../../src/ops/policy/policy.js';
import { policySchema } from '../../src/ops/policy/policy-schema.js';
import { code, fenced, table } from '../../src/report/markdown.js';

/** As much of a JSON Schema as the page needs. */
interface Schema {
  type?: string | undefined;
  enum?: unknown[] | undefined;
  const?: unknown;
  description?: string | undefined;
  default?: unknown;
  properties?: Record<string, Schema> | undefined;
  required?: string[] | undefined;
  additionalProperties?: Schema | false | undefined;
  items?: Schema | undefined;
  anyOf?: Schema[] | undefined;
}

const schemaShape: v.GenericSchema<unknown, Schema> = v.lazy(() =>
  v.object({
    type: v.optional(v.string()),
    enum: v.optional(v.array(v.unknown())),
    const: v.optional(v.unknown()),
    description: v.optional(v.string()),
    default: v.optional(v.unknown()),
    properties: v.optional(v.record(v.string(), schemaShape)),
    required: v.optional(v.array(v.string())),
    additionalProperties: v.optional(v.union([v.literal(false), schemaShape])),
    items: v.optional(schemaShape),
    anyOf: v.optional(v.array(schemaShape)),
  }),
);

/** A key of a file. */
interface Key {
  /** As `environments.<environment>.freeze[].cron`. */
  path: string;
  schema: Schema;
  isRequired: boolean;
  example: unknown;
}

/** What the members of a mapping are called, by its key. */
const MEMBERS: Readonly<Record<string, string>> = {
  apps: 'app',
  environments: 'environment',
  images: 'image',
  roots: 'root',
};

/** The types of JSON Schema, for people. */
const TYPES: Readonly<Record<string, string>> = {
  object: 'mapping',
  string: 'text',
  boolean: 'true or false',
  integer: 'number',
  number: 'number',
};

/** Short forms of another key, which the example has instead. */
const SHORT_FORMS: Readonly<Record<string, unknown>> = { overlay: 'apps/{environment}/{app}' };

/**
 * Makes the page.
 *
 * @param root the project's root folder
 * @throws Error naming a key that the example lacks; ConfigError where the example is not valid
 */
export async function configurationPage(root: string): Promise<string> {
  const apps = await readFile(join(root, 'scripts/docs/examples/apps.yaml'), 'utf8');
  const ops = await readFile(join(root, 'scripts/docs/examples/ops.yaml'), 'utf8');
  const infra = await readFile(join(root, 'scripts/docs/examples/infra.yaml'), 'utf8');
  readAppsConfig(apps);
  readPolicy(ops);
  readInfraConfig(infra);
  return [
    '<!-- Made by "npm run docs" from the schemas of the files and from scripts/docs/examples: change it there. -->',
    '# `ostack.yaml`',
    'Each of these files is optional, and so is every key. They are checked against a JSON Schema: an unknown key, a wrong type or a ' +
      'cycle is an error with file, line and the nearest valid key. The first line of each example gives completion in editors.',
    '## In an apps repository',
    'Owned by the people who develop the apps. It stands at the root, as do the others.',
    fenced('yaml', apps.trimEnd()),
    keyTable(appsConfigSchema, apps, 'apps.yaml'),
    '## In an ops repository: the policy',
    'Owned by the people who operate. It is read from the default branch.',
    fenced('yaml', ops.trimEnd()),
    keyTable(policySchema, ops, 'ops.yaml'),
    '## In an infra repository: roots and policy',
    'Owned by the people who keep the infrastructure; [in words](infra.md). The gate judges by that of the default branch.',
    fenced('yaml', infra.trimEnd()),
    keyTable(infraSchema, infra, 'infra.yaml'),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

function keyTable(schema: v.GenericSchema, example: string, file: string): string {
  const json = v.parse(schemaShape, toJsonSchema(schema, { typeMode: 'input', errorMode: 'ignore' }));
  const rows = keysOf(json, parse(example), '', file).map(({ path, schema: each, isRequired, example: value }) => [
    code(path),
    typeOf(each),
    isRequired ? '**required**' : defaultOf(each),
    cell((each.description ?? '').replace(/ Default: .*$/, '')),
    hasKeys(each) ? 'its keys follow' : code(JSON.stringify(value)),
  ]);
  return table(['Key', 'Type', 'Default', 'What it says', 'Example'], rows);
}

/** The keys of a mapping and of what is in it, in the order of the schema. */
function keysOf(schema: Schema, example: unknown, path: string, file: string): Key[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, each]) => {
    const whole = path === '' ? name : `${path}.${name}`;
    const value = valueIn(example, name) ?? SHORT_FORMS[whole];
    if (value === undefined) {
      throw new Error(`scripts/docs/examples/${file} has no ${whole}: add it, so that the page can show it.`);
    }
    const isRequired = schema.required?.includes(name) ?? false;
    return [{ path: whole, schema: each, isRequired, example: value }, ...insideOf(each, value, whole, name, file)];
  });
}

/** The keys inside of a value: of a mapping, of the members of one, or of the items of a list. */
function insideOf(schema: Schema, value: unknown, path: string, name: string, file: string): Key[] {
  const members = (each: Schema) =>
    typeof each.additionalProperties === 'object' ? each.additionalProperties : undefined;
  return variantsOf(schema).flatMap((each) => {
    const member = members(each);
    if (member !== undefined) {
      return variantsOf(member).flatMap((inner) =>
        keysOf(inner, merged(Object.values(recordOf(value))), `${path}.<${MEMBERS[name] ?? 'name'}>`, file),
      );
    }
    if (each.items !== undefined) {
      const items: unknown[] = Array.isArray(value) ? value : [];
      return variantsOf(each.items).flatMap((inner) => keysOf(inner, merged(items), `${path}[]`, file));
    }
    return keysOf(each, value, path, file);
  });
}

/** Whether a value is a mapping, or a list of some, whose keys have rows of their own. */
function hasKeys(schema: Schema): boolean {
  return variantsOf(schema).some(
    (each) =>
      each.properties !== undefined ||
      each.additionalProperties !== undefined ||
      (each.items !== undefined && hasKeys(each.items)),
  );
}

/** What a value may be, one by one. */
function variantsOf(schema: Schema): Schema[] {
  return schema.anyOf?.flatMap(variantsOf) ?? [schema];
}

function recordOf(value: unknown): Record<string, unknown> {
  return v.is(v.record(v.string(), v.unknown()), value) ? value : {};
}

/** All keys that some of the values have: an example may show one in each. */
function merged(values: readonly unknown[]): Record<string, unknown> {
  return Object.assign({}, ...values.map(recordOf));
}

function valueIn(value: unknown, name: string): unknown {
  return recordOf(value)[name];
}

function typeOf(schema: Schema): string {
  const names = variantsOf(schema).map((each) => {
    if (each.enum !== undefined || each.const !== undefined) {
      return (each.enum ?? [each.const]).map((value) => code(String(value))).join(' or ');
    }
    return each.items === undefined ? (TYPES[each.type ?? ''] ?? '') : `list of ${plural(typeOf(each.items))}`;
  });
  return [...new Set(names.filter((name) => name !== ''))].join(', or ');
}

function plural(type: string): string {
  return /^\w+$/.test(type) ? `${type}s` : type;
}

/** The default as the description words it, which also tells what it is taken from; else that of the schema. */
function defaultOf({ description = '', default: value }: Schema): string {
  const worded = / Default: (.*)\.$/.exec(description)?.[1];
  if (worded !== undefined) {
    return cell(worded);
  }
  return value === undefined
    ? 'none'
    : Array.isArray(value) || typeof value === 'object'
      ? 'none'
      : code(String(value));
}

/** Placeholders such as `<app>` are meant as text, also beside words. */
function cell(text: string): string {
  return text.replace(/</g, '&lt;').replace(/\|/g, '\\|');
}
