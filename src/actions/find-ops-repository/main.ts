import * as core from '@actions/core';
import { readHome } from '../../apps/home.js';
import { connect } from '../../github/client.js';
import { parseRepository, type RepositoryName, readContext } from '../../github/context.js';
import { attempt } from '../../github/errors.js';
import { repositoryReader } from '../../github/repository-reader.js';
import { runEntry } from '../../runtime/entry.js';
import { info } from '../../runtime/log.js';
import { readInputs } from './inputs.js';

export const main = () =>
  runEntry(async () => {
    const { opsRepository, token } = readInputs();
    const { owner, name } = opsRepository ?? (await configuredOps(token, readContext().repository));
    info(`The ops repository is ${owner}/${name}.`);
    core.setOutput('repository', `${owner}/${name}`);
    core.setOutput('owner', owner);
    core.setOutput('name', name);
  });

async function configuredOps(token: string, name: string): Promise<RepositoryName> {
  const repository = parseRepository(name, 'GITHUB_REPOSITORY');
  const reader = repositoryReader(connect({ token }), repository, 'FindOpsRepository');
  const deed = { doing: 'read ostack.yaml', repository: name, permission: 'contents: read' };
  return (await attempt(deed, () => readHome(reader, repository))).ops;
}
