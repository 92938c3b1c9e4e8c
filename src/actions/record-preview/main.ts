import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import { findOps } from '../../apps/settings.js';
import { connect } from '../../github/client.js';
import { parseRepository, readContext } from '../../github/context.js';
import { readEvent } from '../../github/event.js';
import { REQUEST_FILE, requestArtifact, writeRequestRecord } from '../../ops/verbs/previews/ask/request-record.js';
import { eventPullRequest } from '../../ops/verbs/previews/run/event.js';
import { isServed } from '../../ops/verbs/previews/run/is-served.js';
import { runEntry } from '../../runtime/entry.js';
import { info } from '../../runtime/log.js';
import { readInputs } from './inputs.js';

export const main = () =>
  runEntry(async () => {
    const { images, affected, subject, token, githubToken, ...given } = readInputs();
    const context = readContext();
    const apps = {
      github: connect({ token: githubToken ?? token }),
      repository: parseRepository(context.repository, 'GITHUB_REPOSITORY'),
    };
    const repository = given.opsRepository ?? (await findOps(apps));
    const isOfRun = subject === 'run';
    core.setOutput('artifact', requestArtifact(isOfRun));
    if (!(await isServed({ github: connect({ token }), repository }))) {
      info('This run writes the branch of previews itself: there is nothing to record.');
      core.setOutput('file', '');
      return;
    }
    const pull = eventPullRequest(await readEvent());
    const number = isOfRun ? undefined : (given.number ?? pull?.number);
    const folder = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-preview-'));
    const file = join(folder, REQUEST_FILE);
    const head = given.head ?? pull?.head ?? context.sha;
    const record = {
      version: 1,
      ...(number === undefined ? {} : { pullRequest: number }),
      head,
      affected,
      images,
    } as const;
    await writeFile(file, writeRequestRecord(record));
    info(`Recorded for the ops repository: ${images.length} images, ${affected.length} apps.`);
    core.setOutput('file', file);
  });
