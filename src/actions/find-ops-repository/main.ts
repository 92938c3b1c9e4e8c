import * as core from '@actions/core';
import { findOps } from '../../apps/settings.js';
import { connect } from '../../github/client.js';
import { parseRepository, readContext } from '../../github/context.js';
import { runEntry } from '../../runtime/entry.js';
import { info } from '../../runtime/log.js';
import { readInputs } from './inputs.js';

export const main = () =>
  runEntry(async () => {
    const { opsRepository, token } = readInputs();
    const repository = parseRepository(readContext().repository, 'GITHUB_REPOSITORY');
    const { owner, name } = opsRepository ?? (await findOps({ github: connect({ token }), repository }));
    info(`The ops repository is ${owner}/${name}.`);
    core.setOutput('repository', `${owner}/${name}`);
    core.setOutput('owner', owner);
    core.setOutput('name', name);
  });
