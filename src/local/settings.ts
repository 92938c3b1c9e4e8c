/** What workflows need on a stage: the published actions, and the GitHub App whose tokens they use. */
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { publishedTree } from './published-tree.js';
import type { StageRunner } from './runner/stage-runner.js';
import type { Stage } from './stage.js';

const root = join(import.meta.dirname, '..', '..');

/**
 * Serves `ostack/actions` as it would be published, at the tag `v1`.
 *
 * @throws Error when `dist` has not been built
 */
export async function publishActions(stage: Stage, tag = 'v1'): Promise<void> {
  const tree = await publishedTree(root);
  const files = Object.fromEntries([...tree].map(([path, file]) => [path, file.content.toString('utf8')]));
  const repository = await stage.github.createRepository('ostack/actions', { files }, { private: false });
  const refs = await repository.refs();
  await repository.setRef(`refs/tags/${tag}`, refs[`refs/heads/${repository.defaultBranch}`] ?? null);
}

/** Permissions of the App: those of the table in the README, and `metadata`, which every App has. */
export const appPermissions = {
  contents: 'write',
  deployments: 'write',
  issues: 'write',
  metadata: 'read',
  pull_requests: 'write',
  statuses: 'read',
} as const;

/**
 * Installs one GitHub App on repositories, under the names that the starter workflows use: the variable
 * `OSTACK_APP_CLIENT_ID` and the secret `OSTACK_APP_PRIVATE_KEY` of each owner.
 *
 * @param more permissions beyond those that the README names
 * @param slug its name, where a stage has several
 */
export function installDefaultApp(
  runner: StageRunner,
  repositories: string[],
  more: Readonly<Record<string, 'read' | 'write'>> = {},
  slug = 'ostack',
): void {
  const clientId = `Iv1.${slug.replaceAll('-', '')}local`;
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  runner.apps.register({
    slug,
    clientId,
    privateKey,
    repositories,
    permissions: { ...appPermissions, ...more },
  });
  for (const owner of new Set(repositories.map((name) => name.split('/')[0] ?? ''))) {
    runner.vars.set(owner, { OSTACK_APP_CLIENT_ID: clientId });
    runner.secrets.set(owner, { OSTACK_APP_PRIVATE_KEY: privateKey });
  }
}
