import * as core from '@actions/core';
import { loadApps } from '../../apps/discover.js';
import { connect } from '../../github/client.js';
import { parseRepository, readContext } from '../../github/context.js';
import { namesOf } from '../../images/image-names.js';
import { deleteWhatIsOver } from '../../images/previews/delete-over.js';
import { parseReference } from '../../images/reference.js';
import { nameBy } from '../../images/spaces.js';
import { runEntry } from '../../runtime/entry.js';
import { readInputs } from './inputs.js';

export const main = () =>
  runEntry(async () => {
    const inputs = readInputs();
    const { repository, serverUrl } = readContext();
    const { apps, config } = await loadApps(process.env.GITHUB_WORKSPACE ?? process.cwd(), repository);
    const { own } = namesOf(config, repository, inputs, 'previews');
    const images = apps.flatMap((app) => app.images.map(({ name }) => parseReference(nameBy(own, name))));
    const connected = {
      github: connect({ token: inputs.token }),
      repository: parseRepository(repository, 'GITHUB_REPOSITORY'),
    };
    const deleted = await deleteWhatIsOver(connected, images, { serverUrl, dryRun: inputs.dryRun });
    core.setOutput('deleted', JSON.stringify(deleted));
  });
