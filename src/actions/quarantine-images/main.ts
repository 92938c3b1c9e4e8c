import * as core from '@actions/core';
import { readContext } from '../../github/context.js';
import { readEvent } from '../../github/event.js';
import { code, plain, table } from '../../report/markdown.js';
import { writeSummary } from '../../report/summary.js';
import { runEntry } from '../../runtime/entry.js';
import { logNotice } from '../../runtime/log.js';
import { readInputs } from './inputs.js';
import { run } from './run.js';

export const main = () =>
  runEntry(async () => {
    const taken = await run(readInputs(), readContext(), await readEvent());
    core.setOutput('head-sha', taken.head);
    if ('reason' in taken) {
      logNotice(taken.reason);
      await writeSummary(`### Images of a fork\n\n${plain(taken.reason)}\n`);
      return;
    }
    const { number, images, head } = taken;
    core.setOutput('number', number);
    core.setOutput('images', images);
    const rows = images.map(({ app, repository, tag, digest }) => [plain(app), code(`${repository}:${tag}@${digest}`)]);
    const text = rows.length === 0 ? 'It has none.' : table(['app', 'image'], rows);
    await writeSummary(`### Images of pull request #${number} at ${code(head.slice(0, 7))}\n\n${text}\n`);
  });
