import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInstaller } from '../../app-tests/installer.js';
import type { AppResult } from '../../app-tests/result.js';
import { runAppTests, type TestSettings } from '../../app-tests/run-app-tests.js';
import type { App } from '../../apps/app.js';
import { elapsed } from '../../report/elapsed.js';
import { info, logWarning } from '../../runtime/log.js';
import { inParallel } from '../../runtime/parallel.js';
import { withoutStep } from '../../runtime/step-environment.js';
import type { Inputs } from './inputs.js';
import { LogPrinter } from './log.js';
import { outcome } from './texts.js';

/** Interval of the message that tests are still running, while nothing else is printed. */
const STILL_RUNNING_MS = 60_000;

/** The apps to test. */
export interface TestRun {
  /** Root of the checkout, absolute. */
  root: string;
  /** All apps of the repository. */
  all: readonly App[];
  /** Those to test. */
  apps: readonly App[];
  signal: AbortSignal;
}

/** Tests the apps, a few at a time, and prints the log of each when it is done. */
export async function runTests(inputs: Inputs, { root, all, apps, signal }: TestRun): Promise<AppResult[]> {
  const scratch = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-tests-'));
  const logFile = (name: string) => join(scratch, `${name}.log`);
  const printer = new LogPrinter();
  const running = new Map<string, number>();
  const reminder = setInterval(() => remind(running, printer), STILL_RUNNING_MS).unref();
  const { retries, timeoutMs, junit, zeroTests } = inputs;
  const settings: TestSettings = {
    root,
    retries,
    timeoutMs,
    junit,
    zeroTests,
    signal,
    env: (app) => urlOf(app, inputs),
  };
  const installer = createInstaller({
    root,
    env: withoutStep(process.env),
    timeoutMs,
    signal,
    logFile,
    done: ({ install, logFile: log, problem }) =>
      printer.print(`${install.command} in ${install.folder}${problem === undefined ? '' : ': failed'}`, log),
  });
  try {
    return await inParallel([...apps.entries()], inputs.maxParallel, async ([index, app]) => {
      const log = logFile(`app-${index}`);
      await writeFile(log, '');
      void printer.say(() => info(`Testing ${app.name} in ${app.path}`));
      running.set(app.name, performance.now());
      const warn = (problem: string) => {
        void printer.say(() => logWarning(`A report of ${app.name} could not be read: ${problem}.`));
      };
      const result = await runAppTests(settings, {
        app,
        inner: foldersInside(app, all, root),
        logFile: log,
        installer,
        warn,
      });
      running.delete(app.name);
      await printer.print(outcome(result), log);
      return result;
    });
  } finally {
    clearInterval(reminder);
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Folders of other apps inside an app, whose reports are not its own. */
function foldersInside({ path }: App, all: readonly App[], root: string): Set<string> {
  const inside = all.filter((app) => app.path !== path && (path === '.' || app.path.startsWith(`${path}/`)));
  return new Set(inside.map((app) => join(root, app.path)));
}

function urlOf({ name }: App, { urls, url }: Inputs): Record<string, string> {
  const own = Object.hasOwn(urls, name) ? urls[name] : url;
  return own === undefined ? {} : { OSTACK_URL: own };
}

function remind(running: ReadonlyMap<string, number>, printer: LogPrinter): void {
  const names = [...running].map(([name, since]) => `${name} (${elapsed(performance.now() - since)})`);
  if (names.length > 0) {
    void printer.say(() => info(`Still running: ${names.join(', ')}`));
  }
}
