/**
 * Makes the part of GitHub's OpenAPI description that the local GitHub answers to, for its tests:
 *
 *     npm pack @octokit/openapi          (11 MB; installing it takes 385 MB)
 *     tar xzf octokit-openapi-*.tgz package/generated/api.github.com.json
 *     npx tsx scripts/openapi.ts package/generated/api.github.com.json
 *
 * It keeps the operations of the local GitHub's routes and the schemas they need, without prose and examples.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { restRoutes } from '../src/local/github/rest/routes.js';

const target = join(import.meta.dirname, '..', 'test', 'local', 'github', 'vendor', 'openapi.json');

const anyRecord = v.record(v.string(), v.unknown());
const descriptionSchema = v.object({
  openapi: v.string(),
  info: v.object({ version: v.string() }),
  paths: v.record(v.string(), anyRecord),
  components: v.record(v.string(), anyRecord),
});
type Description = v.InferOutput<typeof descriptionSchema>;

const prose = new Set(['description', 'summary', 'example', 'examples', 'externalDocs', 'tags', 'x-github', 'title']);

async function main([source]: string[]): Promise<void> {
  if (source === undefined) {
    throw new Error('Expected the path of api.github.com.json; the head of scripts/openapi.ts says how to get it.');
  }
  const description = v.parse(descriptionSchema, JSON.parse(await readFile(source, 'utf8')));
  const paths = pickOperations(description);
  const components = pickComponents(description, paths);
  const { openapi, info } = description;
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, `${JSON.stringify({ openapi, info: { version: info.version }, paths, components })}\n`);
}

function pickOperations(description: Description): Record<string, Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, template } of restRoutes) {
    const path = description.paths[template.replaceAll('+}', '}')];
    const operation = path?.[method.toLowerCase()];
    if (operation === undefined) {
      throw new Error(`GitHub has no ${method} ${template}: the route's template must be GitHub's own.`);
    }
    const { parameters, requestBody, responses } = v.parse(anyRecord, operation);
    const kept = withoutProse({ parameters, requestBody, responses });
    paths[template.replaceAll('+}', '}')] = { ...paths[template.replaceAll('+}', '}')], [method.toLowerCase()]: kept };
  }
  return paths;
}

/** Everything the operations refer to, and what that refers to. */
function pickComponents(description: Description, paths: unknown): Record<string, Record<string, unknown>> {
  const components: Record<string, Record<string, unknown>> = {};
  const waiting = references(paths);
  for (let reference = waiting.pop(); reference !== undefined; reference = waiting.pop()) {
    const [, , kind = '', name = ''] = reference.split('/');
    const group = components[kind] ?? {};
    components[kind] = group;
    if (!(name in group)) {
      group[name] = withoutProse(description.components[kind]?.[name]);
      waiting.push(...references(group[name]));
    }
  }
  return components;
}

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const own = '$ref' in value && typeof value.$ref === 'string' ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(references)];
}

/** A copy without what only people read. A schema's property may be called "title" or "tags", and stays. */
function withoutProse(value: unknown, isProperties = false): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => withoutProse(item));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const kept = Object.entries(value).filter(([key]) => isProperties || !prose.has(key));
  return Object.fromEntries(
    kept.map(([key, inner]) => [key, withoutProse(inner, key === 'properties' && !isProperties)]),
  );
}

await main(process.argv.slice(2));
