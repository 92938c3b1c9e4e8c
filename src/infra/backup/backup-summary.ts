import { code, table } from '../../report/markdown.js';
import { utc } from '../../report/time.js';
import type { Manifest } from './backups.js';
import type { BackupOutcome } from './run-backup.js';

/** What a run did, as Markdown for the summary of the job. */
export function backupSummary(name: string, { made, rehearsed, deleted, spared }: BackupOutcome): string {
  const rows = [
    ...(made === undefined ? [] : [['Backup', code(made.prefix), sizeOf(made.manifest)]]),
    ...(rehearsed === undefined
      ? []
      : [
          [
            'Restored on trial',
            code(rehearsed.backup.prefix),
            `of ${utc(rehearsed.backup.at)}, with the same ${amountOf(rehearsed.manifest)} as were dumped`,
          ],
        ]),
    ...deleted.map(({ prefix, isWhole }) => ['Deleted', code(prefix), isWhole ? 'kept no longer' : 'never finished']),
  ];
  const nothing = rows.length === 0 ? '\nNothing to delete.\n' : `\n${table(['', 'Backup', ''], rows)}\n`;
  return `### Backups of ${code(name)}\n${nothing}${spared === undefined ? '' : `\n${spared}\n`}`;
}

function sizeOf(manifest: Manifest): string {
  return `PostgreSQL ${manifest.major}, ${amountOf(manifest)}, ${manifest.dump.bytes} bytes encrypted`;
}

function amountOf({ tables, rows }: Manifest): string {
  return `${rows} ${rows === 1 ? 'row' : 'rows'} in ${tables} ${tables === 1 ? 'table' : 'tables'}`;
}
