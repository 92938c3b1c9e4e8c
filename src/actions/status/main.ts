import * as core from '@actions/core';
import { connect } from '../../github/client.js';
import { nameOf } from '../../github/connected.js';
import { readContext } from '../../github/context.js';
import { statusJson } from '../../ops/verbs/status/json.js';
import { statusMarkdown } from '../../ops/verbs/status/markdown.js';
import { readStatus } from '../../ops/verbs/status/read-status.js';
import { writeSummary } from '../../report/summary.js';
import { runEntry } from '../../runtime/entry.js';
import { info, logWarning } from '../../runtime/log.js';
import { readInputs } from './inputs.js';

export const main = () =>
  runEntry(async () => {
    const { repository, apps, token } = readInputs(readContext());
    const now = new Date();
    const status = await readStatus(connect({ token }), repository, apps, now);
    const text = statusMarkdown(status, nameOf({ repository }), now);
    status.warnings.forEach((warning) => {
      logWarning(warning);
    });
    info(text);
    core.setOutput('status', statusJson(status));
    core.setOutput('markdown', text);
    await writeSummary(text);
  });
