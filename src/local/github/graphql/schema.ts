import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildSchema, type DocumentNode, type GraphQLSchema } from 'graphql';
import { Definitions } from './definitions.js';
import { DocumentSchemas } from './document-schema.js';

let schema: GraphQLSchema | undefined;
let parts: DocumentSchemas | undefined;

/** GitHub's own schema. Building it takes a third of a second. */
export function githubSchema(): GraphQLSchema {
  schema ??= buildSchema(githubSdl(), { assumeValid: true, noLocation: true });
  return schema;
}

/** The part of GitHub's schema that a document needs; `undefined` when it needs the whole one, also to be refused by it. */
export function githubSchemaFor(document: DocumentNode): GraphQLSchema | undefined {
  parts ??= new DocumentSchemas(new Definitions(githubSdl()));
  return parts.for(document);
}

/**
 * GitHub's own schema in GraphQL's schema definition language. The package exports its JavaScript only (with a parsed
 * copy of the schema that we do not need); so look for the file.
 */
export function githubSdl(): string {
  const name = '@octokit/graphql-schema';
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const file = folders.map((folder) => join(folder, name, 'schema.graphql')).find((path) => existsSync(path));
  if (file === undefined) {
    throw new Error(`${name} is not installed: run "npm ci".`);
  }
  return readFileSync(file, 'utf8');
}
