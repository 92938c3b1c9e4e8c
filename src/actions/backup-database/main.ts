import { randomBytes } from 'node:crypto';
import * as core from '@actions/core';
import { backupSummary } from '../../infra/backup/backup-summary.js';
import { runBackup } from '../../infra/backup/run-backup.js';
import { openSpace } from '../../infra/space/space.js';
import { writeSummary } from '../../report/summary.js';
import { cancellation } from '../../runtime/cancellation.js';
import { runEntry } from '../../runtime/entry.js';
import { logWarning } from '../../runtime/log.js';
import { readInputs } from './inputs.js';

export const main = () =>
  runEntry(async () => {
    const { address, keys, name, connection, recipients, identity, maxAgeMs, keep } = readInputs();
    if (connection?.PGPASSWORD !== undefined) {
      core.setSecret(connection.PGPASSWORD);
    }
    const outcome = await runBackup({
      space: openSpace(address, keys),
      name,
      make: connection && { connection, recipients },
      rehearse: identity === undefined ? undefined : { identity, maxAgeMs },
      keep,
      at: new Date(),
      random: randomBytes(4).toString('hex'),
      signal: cancellation(),
    });
    core.setOutput('backup', outcome.made?.prefix ?? '');
    core.setOutput('rehearsed', outcome.rehearsed?.backup.prefix ?? '');
    core.setOutput('deleted', JSON.stringify(outcome.deleted.map(({ prefix }) => prefix)));
    if (outcome.spared !== undefined) {
      logWarning(outcome.spared);
    }
    await writeSummary(backupSummary(name, outcome));
  });
