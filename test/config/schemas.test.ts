import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { writeSchemas } from '../../scripts/schemas.js';

test('the schema for editors accepts what the actions accept, and points out a wrong key', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ostack-schemas-'));
  try {
    await writeSchemas(folder);
    const text = await readFile(join(folder, 'schemas', 'apps.schema.json'), 'utf8');
    const validate = new Ajv().compile(JSON.parse(text));
    const example = `
workspace: growth
ops: acme/growth-ops
registry: ghcr.io/acme
apps:
  my-app:
    path: apps/my-app
    shared: [packages/ui]
    test: npm test
    images: { web: { context: ., file: web/Dockerfile }, worker: {} }
  other:
`;
    expect([validate(parse(example)), validate.errors]).toEqual([true, null]);
    expect(validate(parse(example.replace('shared', 'shard')))).toBe(false);
    const infra = new Ajv().compile(JSON.parse(await readFile(join(folder, 'schemas', 'infra.schema.json'), 'utf8')));
    const policy = await readFile('scripts/docs/examples/infra.yaml', 'utf8');
    expect([infra(parse(policy)), infra.errors]).toEqual([true, null]);
    expect(infra(parse(policy.replace('approvals', 'aprovals')))).toBe(false);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
