import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildSchema, type GraphQLSchema } from 'graphql';

let schema: GraphQLSchema | undefined;

/** GitHub's own schema, built when the first query arrives (a third of a second). */
export function githubSchema(): GraphQLSchema {
  if (schema === undefined) {
    const file = schemaFile();
    schema = buildSchema(readFileSync(file, 'utf8'), { assumeValid: true, noLocation: true });
  }
  return schema;
}

/** The package exports its JavaScript only (with a parsed copy of the schema that we do not need); so look for the file. */
function schemaFile(): string {
  const name = '@octokit/graphql-schema';
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const file = folders.map((folder) => join(folder, name, 'schema.graphql')).find((path) => existsSync(path));
  if (file === undefined) {
    throw new Error(`${name} is not installed: run "npm ci".`);
  }
  return file;
}
