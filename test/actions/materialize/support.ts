import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalRepository, RequestRecord, Stage } from '../../../src/local/stage.js';
import { clone, git } from '../../support/git.js';
import { type ActionResult, runAction } from '../../support/run-action.js';

/** A ConfigMap as it is rendered. */
export const manifest = (name: string, data = '') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${data === '' ? '' : `data:\n  text: ${data}\n`}`;

/** A definition of plain manifests, one ConfigMap a file. */
export function definition(...names: readonly string[]): Record<string, string> {
  return {
    'README.md': 'A cluster.\n',
    ...Object.fromEntries(names.map((name) => [`hld/${name}.yaml`, manifest(name)])),
  };
}

export interface MaterializeRun extends ActionResult {
  requests: RequestRecord[];
  environments: {
    environment: string;
    objects: number;
    state?: string;
    notes: string[];
    pullRequest?: string;
    commit?: string;
  }[];
}

/** Where a run is. */
export interface At {
  /** A commit or a branch of the definition's repository; its default branch where it is left out. */
  at?: string;
  /** Kills it when it aborts. */
  signal?: AbortSignal | undefined;
  env?: Record<string, string>;
}

let repositories = 0;

/** A repository of its own, for a test. */
export function clusterRepository(stage: Stage, files: Record<string, string>): Promise<LocalRepository> {
  repositories += 1;
  return stage.github.createRepository(`acme/cluster-${repositories}`, { files });
}

/** Runs the action in a fresh checkout of a repository of the stage, as a workflow does. */
export async function materialize(
  stage: Stage,
  repository: LocalRepository,
  inputs: Record<string, string> = {},
  { at = repository.defaultBranch, signal, env = {} }: At = {},
): Promise<MaterializeRun> {
  const root = await mkdtemp(join(tmpdir(), 'ostack-definition-'));
  try {
    await clone(stage, repository, root, []);
    await git(root, ['checkout', '--quiet', at]);
    const before = stage.github.requests.length;
    const result = await runAction({
      action: 'materialize',
      inputs: {
        ...{ source: 'hld', environments: 'prod', token: stage.token, 'github-token': stage.token },
        ...inputs,
      },
      cwd: root,
      signal,
      env: {
        ...{ GITHUB_API_URL: stage.apiUrl, GITHUB_GRAPHQL_URL: stage.graphqlUrl, GITHUB_SERVER_URL: stage.serverUrl },
        ...{ GITHUB_REPOSITORY: repository.name, GITHUB_SHA: await git(root, ['rev-parse', 'HEAD']) },
        ...{ GITHUB_REF: `refs/heads/${repository.defaultBranch}`, GITHUB_RUN_ID: '7', GITHUB_EVENT_NAME: 'push' },
        ...env,
      },
    });
    const requests = stage.github.requests.slice(before);
    return { ...result, requests, environments: JSON.parse(result.outputs.environments ?? '[]') };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Names of the manifests on a branch, sorted. */
export async function manifestsOn(repository: LocalRepository, branch: string): Promise<string[]> {
  const listed = await git(repository.gitDir, ['ls-tree', '-r', '--name-only', branch]);
  return listed.split('\n').filter((path) => /\.ya?ml$/.test(path));
}
