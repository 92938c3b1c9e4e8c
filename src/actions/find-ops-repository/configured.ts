import * as v from 'valibot';
import { opsRepository, readAppsConfig } from '../../apps/config.js';
import type { GitHub } from '../../github/client.js';
import { parseRepository, type RepositoryName } from '../../github/context.js';
import { attempt } from '../../github/errors.js';
import { repositoryReader } from '../../github/repository-reader.js';

const blobSchema = v.nullable(v.object({ text: v.optional(v.nullable(v.string())) }));

/**
 * The ops repository that an apps repository says it has: on its default branch, whose content has been reviewed, and
 * never in a pull request.
 *
 * @throws Error in words for people when the file cannot be read, or says something else than it should
 */
export async function configuredOps(github: GitHub, repository: RepositoryName): Promise<RepositoryName> {
  const name = `${repository.owner}/${repository.name}`;
  const reader = repositoryReader(github, repository, 'FindOpsRepository');
  const file = await attempt({ doing: 'read ostack.yaml', repository: name, permission: 'contents: read' }, () =>
    reader.load({ text: () => 'object(expression: "HEAD:ostack.yaml") { ... on Blob { text } }', schema: blobSchema }),
  );
  return parseRepository(opsRepository(readAppsConfig(file?.text ?? '{}'), name), 'ostack.yaml: "ops"');
}
