import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../apps/app.js';
import { workTree } from '../apps/tree.js';
import { elapsed } from '../report/elapsed.js';
import { withoutStep } from '../runtime/step-environment.js';
import { noTestsKnown, type TestCommand, testCommand } from './command.js';
import type { Installer } from './installer.js';
import { findReports, writtenSince } from './junit/find.js';
import { readReports } from './junit/read.js';
import type { TestCase } from './junit/report.js';
import { joinReruns } from './reruns.js';
import { type AppResult, type Attempt, notRun, resultOf, withoutTests, type ZeroTests } from './result.js';
import { type CommandEnd, runCommand } from './run-command.js';

/** Settings for the tests of all apps. */
export interface TestSettings {
  /** Root of the checkout, absolute. */
  root: string;
  /** Further attempts after a failed one. */
  retries: number;
  /** Milliseconds that one attempt may take. */
  timeoutMs: number;
  /** Globs of JUnit reports, relative to the app's folder. */
  junit: readonly string[];
  zeroTests: ZeroTests;
  /** Further variables, by app. */
  env: (app: App) => Record<string, string>;
  signal: AbortSignal;
}

/** Settings for one app. */
export interface AppRun {
  app: App;
  /** Folders of apps inside this one, absolute. */
  inner: ReadonlySet<string>;
  /** File that the output of the commands is appended to. */
  logFile: string;
  installer: Installer;
  /** Called with a message for each report that cannot be read. */
  warn: (problem: string) => void;
}

/** Runs an app's tests, and again when they fail, up to `retries` times. @returns the result; failed tests do not throw */
export async function runAppTests(settings: TestSettings, run: AppRun): Promise<AppResult> {
  const { app } = run;
  if (settings.signal.aborted) {
    return notRun(app.name, 'the run was cancelled before its turn');
  }
  let found: TestCommand | undefined;
  try {
    found = await testCommand(workTree(settings.root), app);
  } catch (error) {
    return notRun(app.name, error instanceof Error ? error.message : String(error));
  }
  if (found === undefined) {
    return withoutTests(app.name, noTestsKnown(app), settings.zeroTests);
  }
  const { command, install } = found;
  const problem = install === undefined ? undefined : await run.installer.install(install);
  if (problem !== undefined) {
    return notRun(app.name, problem, command);
  }
  const attempts: Attempt[] = [];
  while (attempts.length <= settings.retries && attempts.at(-1)?.passed !== true && !settings.signal.aborted) {
    const again = attempts.length === 0 ? '' : `\nAttempt ${attempts.length + 1} of ${settings.retries + 1}:\n`;
    await appendFile(run.logFile, `${again}$ ${command}\n`);
    attempts.push(await attempt(settings, run, command));
  }
  return resultOf({ app: app.name, command }, attempts, settings.zeroTests);
}

async function attempt(settings: TestSettings, { app, inner, logFile, warn }: AppRun, command: string) {
  const cwd = join(settings.root, app.path);
  const before = await findReports(cwd, settings.junit, inner);
  const end = await runCommand({
    command,
    cwd,
    env: { ...withoutStep(process.env), OSTACK_APP: app.name, ...settings.env(app) },
    logFile,
    timeoutMs: settings.timeoutMs,
    signal: settings.signal,
  });
  const written = writtenSince(before, await findReports(cwd, settings.junit, inner));
  const reports = await readReports(written, settings.root);
  reports.unreadable.forEach(warn);
  return attemptOf(end, reports.suites, settings);
}

function attemptOf(
  end: CommandEnd,
  reports: readonly (readonly TestCase[])[],
  { timeoutMs }: Pick<TestSettings, 'timeoutMs'>,
): Attempt {
  const cases = reports.length === 0 ? undefined : joinReruns(reports, end.exitCode === 0);
  const failed = cases?.filter(({ outcome }) => outcome === 'failed').length ?? 0;
  const problem = problemOf(end, failed, timeoutMs);
  return { passed: problem === undefined, problem, durationMs: end.durationMs, cases };
}

/** Why an attempt failed; `undefined` when it passed. A report with failures fails it even with exit code 0. */
function problemOf({ kind, exitCode, detail }: CommandEnd, failed: number, timeoutMs: number): string | undefined {
  const tests = failed === 1 ? '1 test failed' : `${failed} tests failed`;
  switch (kind) {
    case 'timed out':
      return `its tests did not end within ${elapsed(timeoutMs)}`;
    case 'cancelled':
      return 'its tests were cancelled';
    case 'killed':
      return `its tests were ended by ${detail}`;
    case 'not started':
      return `its tests could not be started: ${detail}`;
    case 'exited':
      if (failed > 0) {
        return exitCode === 0 ? `${tests}, although the command ended with exit code 0` : tests;
      }
      return exitCode === 0 ? undefined : `exit code ${exitCode}`;
  }
}
