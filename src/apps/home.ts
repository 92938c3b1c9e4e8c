import * as v from 'valibot';
import { type Connected, nameOf } from '../github/connected.js';
import { parseRepository, type RepositoryName } from '../github/context.js';
import { attempt } from '../github/errors.js';
import { type RepositoryReader, repositoryReader } from '../github/repository-reader.js';
import { type AppsConfig, CONFIG_FILE, opsRepository, readAppsConfig } from './config.js';

/** Where an apps repository belongs. */
export interface AppsHome {
  /** `undefined` for the default workspace. */
  workspace: string | undefined;
  /** The repository that its apps are deployed from. */
  ops: RepositoryName;
}

const blobSchema = v.nullable(v.object({ text: v.optional(v.nullable(v.string())) }));

/**
 * Where an apps repository says that it belongs.
 *
 * @param configText its `ostack.yaml`, `undefined` where it has none
 * @throws ConfigError naming every problem with its place; Error where `ops` is no repository
 */
export function homeOf(configText: string | undefined, { owner, name }: RepositoryName): AppsHome {
  const config: AppsConfig = readAppsConfig(configText ?? '{}');
  const ops = opsRepository(config, `${owner}/${name}`);
  return { workspace: config.workspace, ops: parseRepository(ops, `${CONFIG_FILE}: "ops"`) };
}

/**
 * Asks an apps repository where it belongs: its default branch, whose content has been reviewed, and never a pull request.
 *
 * @throws what `homeOf` throws, and what a failed request throws; it takes `contents: read`
 */
export async function readHome(reader: RepositoryReader, repository: RepositoryName): Promise<AppsHome> {
  const text = `object(expression: "HEAD:${CONFIG_FILE}") { ... on Blob { text } }`;
  const file = await reader.load({ text: () => text, schema: blobSchema });
  return homeOf(file?.text ?? undefined, repository);
}

/**
 * The ops repository that an apps repository says it has: one request.
 *
 * @throws Error in words for people when its settings cannot be read, or say something else than they should
 */
export async function findOps(apps: Connected): Promise<RepositoryName> {
  const { github, repository } = apps;
  const reader = repositoryReader(github, repository, 'FindOpsRepository');
  const operation = { doing: `read ${CONFIG_FILE}`, repository: nameOf(apps), permission: 'contents: read' };
  return (await attempt(operation, () => readHome(reader, repository))).ops;
}
