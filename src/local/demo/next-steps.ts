import type { Stage } from '../stage.js';
import type { Acme } from './acme.js';
import { openPullRequests } from './people.js';
import { type Row, readStatus } from './status.js';
import type { Terminal } from './terminal.js';

const APPS = ['shop', 'mailer'];

/** Prints the versions of all apps in all environments, read from the ops repository. */
export async function showStatus(terminal: Terminal, stage: Stage, acme: Acme): Promise<void> {
  const rows = await readStatus(acme.ops, APPS, await openPullRequests(stage, acme.ops));
  terminal.line();
  terminal.line(terminal.paint('bold', 'What runs where, as the ops repository tells it'));
  terminal.line();
  terminal.table([['environment', 'app', 'version', 'digest', 'since', 'pull request'], ...rows.map(cells)]);
}

function cells(row: Row): string[] {
  const digests = row.digests.map((digest) => digest.replace('sha256:', '').slice(0, 7));
  return [
    row.environment,
    row.app,
    row.version,
    digests.join(' '),
    row.since === undefined ? 'before today' : `${row.since.toISOString().slice(11, 19)} UTC`,
    [
      row.through === '' ? '' : `${row.through} merged`,
      row.waiting === undefined ? '' : `#${row.waiting.number} waits: ${row.waiting.title}`,
    ]
      .filter((text) => text !== '')
      .join(', '),
  ];
}

/** Prints what a person can do next. @param kept whether the stage stays up */
export async function showNext(terminal: Terminal, stage: Stage, acme: Acme, kept: boolean): Promise<void> {
  const waiting = [...(await openPullRequests(stage, acme.ops)).values()].sort((a, b) => a.number - b.number);
  terminal.line();
  terminal.line(terminal.paint('bold', 'What a person clicks next'));
  terminal.line();
  for (const pull of waiting) {
    terminal.line(`  Merge "${pull.title}"${kept ? `  ${pull.url}` : ` (acme/ops#${pull.number})`}`);
  }
  terminal.line(
    '  Staging takes releases by itself, because its policy says cd: true. Production waits for a person, and the hold of\n  the rollback keeps the shop there until somebody runs Lift hold.',
  );
  terminal.line();
  if (!kept) {
    terminal.line('To look around, run it again and keep it up:  npm run demo -- --keep');
    return;
  }
  const authenticated = stage.serverUrl.replace('://', `://x-access-token:${stage.token}@`);
  terminal.line(terminal.paint('bold', 'Look around (Ctrl-C ends it)'));
  terminal.line();
  terminal.line(`  git clone ${authenticated}/acme/ops.git && git -C ops log`);
  terminal.line(`  curl -H 'authorization: Bearer ${stage.token}' ${stage.apiUrl}/repos/acme/ops/pulls`);
  terminal.line('  Merge anything, or push to acme/apps: its workflows start by themselves.');
}
