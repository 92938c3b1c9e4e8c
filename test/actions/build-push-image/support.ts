/** A checked-out apps repository, a registry and the stand-in engine, for scenarios of this action. */
import { delimiter } from 'node:path';
import { standInEnvironment } from '../../../src/local/engine/environment.js';
import { type LocalRegistry, type RegistryOptions, startRegistry } from '../../../src/local/registry/registry.js';
import type { Release } from '../../../src/release/release.js';
import { type GitRepository, openGitRepository } from '../../support/git-repository.js';
import { type ActionResult, runAction } from '../../support/run-action.js';

/** A checked-out apps repository. */
export interface AppsRepository extends GitRepository {
  /** Runs the built action in the repository. */
  run(inputs: Record<string, string>, env?: Record<string, string>): Promise<ActionResult>;
}

export interface Workshop extends AppsRepository {
  registry: LocalRegistry;
  /** What was asked of the registry, without what changes from run to run. */
  requests(): string[];
}

/** Opens a repository of one commit. */
export async function openRepository(files: Record<string, string>): Promise<AppsRepository> {
  const repository = await openGitRepository(files);
  return {
    ...repository,
    run: (inputs, env = {}) =>
      runAction({ action: 'build-push-image', cwd: repository.root, inputs, env: { ...GITHUB, ...env } }),
  };
}

/** Opens a repository of one commit with a registry, which is the action's `registry`, and the stand-in engine. */
export async function openWorkshop(files: Record<string, string>, options: RegistryOptions = {}): Promise<Workshop> {
  const repository = await openRepository(files);
  const registry = await startRegistry(options);
  return {
    ...repository,
    registry,
    run: async (inputs, env) =>
      await repository.run({ registry: `${registry.address}/acme`, ...inputs }, { ...(await standInEngine()), ...env }),
    requests: () => readable(registry),
    async [Symbol.asyncDispose]() {
      await registry.close();
      await repository[Symbol.asyncDispose]();
    },
  };
}

/** One release as tag-release gives it. */
export function release(app: string, version: string, sha: string): Release {
  const tag = `${app}-v${version}`;
  return { app, version, tag, previous: null, level: 'minor', sha, notes: '', url: '', created: true };
}

/** The images output without what changes from run to run. */
export function images(result: ActionResult): Record<string, unknown>[] {
  const parsed: unknown = JSON.parse(result.outputs.images ?? '[]');
  return Array.isArray(parsed) ? parsed : [];
}

/** Text with ports, digests and commits under steady names. */
export function steady(text: string, { registry }: Workshop): string {
  return text
    .replaceAll(registry.address, 'REGISTRY')
    .replace(/sha256:[0-9a-f]{64}/g, 'DIGEST')
    .replace(/content-[0-9a-f]{40}/g, 'CONTENT')
    .replace(/\b[0-9a-f]{40}\b/g, 'COMMIT')
    .replace(/sha256:[0-9a-f]{12}/g, 'DIGEST')
    .replace(/`[0-9a-f]{12}`/g, '`COMMIT`')
    .replace(/\b\d+ k?B\b/g, 'SIZE');
}

const GITHUB = {
  GITHUB_REPOSITORY: 'acme/apps',
  GITHUB_SHA: 'a'.repeat(40),
  GITHUB_REF: 'refs/heads/main',
  GITHUB_SERVER_URL: 'http://127.0.0.1:1',
  GITHUB_API_URL: 'http://127.0.0.1:1/api/v3',
  GITHUB_GRAPHQL_URL: 'http://127.0.0.1:1/api/graphql',
  GITHUB_ACTOR: 'ada',
};

/** The stand-in engine as a process needs it. */
export async function standInEngine(): Promise<Record<string, string>> {
  const { path, env } = await standInEnvironment();
  return { ...env, PATH: [...path, process.env.PATH ?? ''].join(delimiter) };
}

function readable({ requests }: LocalRegistry): string[] {
  return requests
    .map(({ method, path, status }) =>
      `${method} ${path} ${status}`
        .replace(/sha256(:|%3A)[0-9a-f]{64}/g, 'DIGEST')
        .replace(/content-[0-9a-f]{40}/g, 'CONTENT')
        .replace(/\b[0-9a-f]{40}\b/g, 'COMMIT')
        .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'UPLOAD'),
    )
    .sort();
}
