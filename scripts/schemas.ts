/**
 * Writes the JSON Schemas of the configuration files, so that editors complete and check them: a first line of
 * `# yaml-language-server: $schema=<address of the file>` is all an `ostack.yaml` needs.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { appsConfigSchema } from '../src/apps/config.js';
import { infraSchema } from '../src/infra/config/infra-schema.js';
import { policySchema } from '../src/ops/policy/policy-schema.js';

const schemas: Record<string, { title: string; schema: v.GenericSchema }> = {
  'apps.schema.json': { title: 'ostack.yaml in an apps repository', schema: appsConfigSchema },
  'infra.schema.json': { title: 'ostack.yaml in an infra repository', schema: infraSchema },
  'ops.schema.json': { title: 'ostack.yaml in an ops repository', schema: policySchema },
};

/**
 * Writes `<folder>/schemas/*.schema.json` (draft 7, what editors know best).
 *
 * @param folder the `dist` being made
 */
export async function writeSchemas(folder: string): Promise<void> {
  await mkdir(join(folder, 'schemas'), { recursive: true });
  for (const [name, { title, schema }] of Object.entries(schemas)) {
    // What JSON Schema cannot say (checks in code) is left out there: the action still checks it.
    const json = { ...toJsonSchema(schema, { typeMode: 'input', errorMode: 'ignore' }), title };
    await writeFile(join(folder, 'schemas', name), `${JSON.stringify(json, null, 2)}\n`);
  }
}
