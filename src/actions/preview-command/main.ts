import { connect } from '../../github/client.js';
import { parseRepository, readContext } from '../../github/context.js';
import { readEvent } from '../../github/event.js';
import { runCommand } from '../../ops/verbs/previews/commands/run-command.js';
import { askFor } from '../../ops/verbs/previews/run/ask-for.js';
import { runEntry } from '../../runtime/entry.js';
import { readInputs } from './inputs.js';

export const main = () =>
  runEntry(async () => {
    const context = readContext();
    const { repository, serverUrl, runUrl } = context;
    const { token, githubToken, opsRepository, forkLabel, ask, dryRun } = readInputs();
    const apps = {
      github: connect({ token: githubToken }),
      repository: parseRepository(repository, 'GITHUB_REPOSITORY'),
    };
    await runCommand(await readEvent(), {
      apps,
      ops: (named) => ({ github: connect({ token }), repository: opsRepository ?? named }),
      forkLabel,
      ask: askFor(context, undefined, ask),
      base: { dryRun, serverUrl, runUrl, wait: undefined },
    });
  });
