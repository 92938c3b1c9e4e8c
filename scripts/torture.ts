import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect, FOLDER_VARIABLE, format } from '../test/torture/table.js';

/**
 * `npm run torture [-- [--short] <words of file names>]`: all of it or a part, and the table of what was tried and
 * survived, and of how long it took. Several files are tried at once, so the minutes at the end are fewer than the sum of
 * the rows. `--short`, for each change, tries a few cases of each kind, and has no table.
 */
const SHORT = '--short';

const start = performance.now();
const length = process.argv.includes(SHORT) ? 'short' : 'all';
const names = process.argv.slice(2).filter((word) => word !== SHORT);
const folder = await mkdtemp(join(tmpdir(), 'ostack-torture-'));
try {
  const jest = ['node_modules/jest/bin/jest.js', '--config', 'jest.torture.config.js', ...names];
  const child = spawn(process.execPath, ['--experimental-vm-modules', '--no-warnings', ...jest], {
    stdio: 'inherit',
    env: { ...process.env, OSTACK_TORTURE: length, [FOLDER_VARIABLE]: folder },
  });
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
  const rows = collect(folder);
  const minutes = ((performance.now() - start) / 60_000).toFixed(1);
  if (length === 'all') {
    process.stdout.write(rows.length === 0 ? '\nNothing was tried.\n' : `\n${format(rows)}\n\n${minutes} minutes.\n`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
