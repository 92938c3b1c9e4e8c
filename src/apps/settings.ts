import * as v from 'valibot';
import { type Connected, nameOf } from '../github/connected.js';
import { parseRepository, type RepositoryName } from '../github/context.js';
import { attempt } from '../github/errors.js';
import { type RepositoryReader, repositoryReader } from '../github/repository-reader.js';
import { type AppsConfig, CONFIG_FILE, opsRepository, readAppsConfig } from './config.js';

/** The workspace and the ops repository of an apps repository. */
export interface AppsSettings {
  /** `undefined` for the default workspace. */
  workspace: string | undefined;
  /** The repository that its apps are deployed from. */
  ops: RepositoryName;
}

const blobSchema = v.nullable(v.object({ text: v.optional(v.nullable(v.string())) }));

/**
 * Reads workspace and ops repository from an apps repository's settings.
 *
 * @param configText its `ostack.yaml`, `undefined` without that file
 * @throws ConfigError with every problem and its position; Error when `ops` is no repository name
 */
export function settingsOf(configText: string | undefined, { owner, name }: RepositoryName): AppsSettings {
  const config: AppsConfig = readAppsConfig(configText ?? '{}');
  const ops = opsRepository(config, `${owner}/${name}`);
  return { workspace: config.workspace, ops: parseRepository(ops, `${CONFIG_FILE}: "ops"`) };
}

/**
 * Reads workspace and ops repository from `ostack.yaml` on the default branch, whose content has been reviewed, and never
 * from a pull request.
 *
 * @throws what `settingsOf` throws, or a failed request; the token needs `contents: read`
 */
export async function readSettings(reader: RepositoryReader, repository: RepositoryName): Promise<AppsSettings> {
  const text = `object(expression: "HEAD:${CONFIG_FILE}") { ... on Blob { text } }`;
  const file = await reader.load({ text: () => text, schema: blobSchema });
  return settingsOf(file?.text ?? undefined, repository);
}

/**
 * The ops repository of an apps repository, from its settings, with one request.
 *
 * @throws Error with a sentence for people when the settings cannot be read or are not valid
 */
export async function findOps(apps: Connected): Promise<RepositoryName> {
  const { github, repository } = apps;
  const reader = repositoryReader(github, repository, 'FindOpsRepository');
  const operation = { doing: `read ${CONFIG_FILE}`, repository: nameOf(apps), permission: 'contents: read' };
  return (await attempt(operation, () => readSettings(reader, repository))).ops;
}
