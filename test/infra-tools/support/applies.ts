import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { runCommand } from '../../../src/local/spawner/spawner.js';
import type { ActionResult } from '../../support/run-action.js';
import type { InfraPullRequest, InfraRepository } from './infra-repository.js';
import { backend } from './infra-repository.js';
import type { SpaceServer } from './space-server.js';

/** A resource that needs no provider. */
export const data = (name: string, input: string, more = '') =>
  `resource "terraform_data" "${name}" {\n  input = ${JSON.stringify(input)}\n${more}}\n`;

/** What an apply says of a root. */
export interface ToldResult {
  root: string;
  result: string;
  why: string;
  plan: string;
  start: string;
  lock: { id: string; who: string } | null;
}

/** What an apply says of each root. */
export function resultsOf(run: ActionResult): Record<string, ToldResult> {
  const rows: ToldResult[] = JSON.parse(run.outputs.applied ?? '[]');
  return Object.fromEntries(rows.map((row) => [row.root, row]));
}

/** Inputs of a space, which plans and applies have. */
export function spaceInputs(server: SpaceServer, recipients: string): Record<string, string> {
  const { accessKey, secretKey } = server.keys;
  return { space: server.url, 'access-key': accessKey, 'secret-key': secretKey, recipients };
}

/** A root with its state on this machine. */
export function rootWith(infra: InfraRepository, name: string, ...resources: string[]): string {
  return backend(join(infra.states, name)) + resources.join('');
}

/** The inputs of resources in a state on this machine. */
export async function stateOf(infra: InfraRepository, root: string): Promise<Record<string, string>> {
  const text = await readFile(join(infra.states, root), 'utf8').catch(() => '{"resources":[]}');
  const state: {
    resources: { mode: string; name: string; instances: { attributes: { input: { value: string } } }[] }[];
  } = JSON.parse(text);
  return Object.fromEntries(
    state.resources
      .filter(({ mode }) => mode === 'managed')
      .map(({ name, instances }) => [name, instances[0]?.attributes.input.value ?? '']),
  );
}

/** Proposes files, plans them, and merges them. */
export async function merged(
  infra: InfraRepository,
  branch: string,
  files: Record<string, string | null>,
  inputs: Record<string, string>,
): Promise<{ pull: InfraPullRequest; pushed: { before: string; after: string } }> {
  const pull = await infra.propose(branch, files);
  const run = await infra.plan(pull, inputs);
  expect([run.exitCode, run.exitCode === 0 ? '' : run.stdout]).toEqual([0, '']);
  return { pull, pushed: await infra.merge(pull) };
}

/** Applies what a folder has, by hand. */
export async function appliedByHand(infra: InfraRepository, files: Record<string, string>): Promise<void> {
  const folder = join(infra.states, `by-hand-${Math.random()}`);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text);
  }
  for (const args of [
    ['init', '-input=false'],
    ['apply', '-auto-approve', '-input=false'],
  ]) {
    const env = { PATH: process.env.PATH ?? '', HOME: folder };
    const { code, stderr } = await runCommand({ file: 'tofu', args, cwd: folder, env });
    expect([code, stderr.toString()]).toEqual([0, '']);
  }
}
