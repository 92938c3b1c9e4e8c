import { connect } from '../../github/client.js';
import { parseRepository, readContext } from '../../github/context.js';
import { readEvent } from '../../github/event.js';
import { runCommand } from '../../ops/verbs/previews/commands/run-command.js';
import { runEntry } from '../../runtime/entry.js';
import { readInputs } from './inputs.js';

export const main = () =>
  runEntry(async () => {
    const { repository, serverUrl, runUrl } = readContext();
    const { token, githubToken, opsRepository, forkLabel, dryRun } = readInputs();
    const apps = {
      github: connect({ token: githubToken }),
      repository: parseRepository(repository, 'GITHUB_REPOSITORY'),
    };
    await runCommand(await readEvent(), {
      apps,
      ops: (named) => ({ github: connect({ token }), repository: opsRepository ?? named }),
      forkLabel,
      base: { dryRun, serverUrl, runUrl, wait: undefined },
    });
  });
