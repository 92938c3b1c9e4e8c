/** A checkout made of files, and run-tests on it as a workflow would. */
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { git } from '../../support/git.js';
import { type ActionResult, runAction } from '../../support/run-action.js';

export interface Checkout extends AsyncDisposable {
  folder: string;
  run(inputs?: Record<string, string>, env?: Record<string, string>): Promise<ActionResult>;
  read(path: string): Promise<string>;
}

/** @param files content by path; those under `bin/` are made executable */
export async function checkout(files: Record<string, string>): Promise<Checkout> {
  const folder = await mkdtemp(join(tmpdir(), 'ostack-tests-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
    if (path.startsWith('bin/')) {
      await chmod(join(folder, path), 0o755);
    }
  }
  await git(folder, ['init', '--quiet']);
  return {
    folder,
    read: (path) => readFile(join(folder, path), 'utf8'),
    run: (inputs = {}, env = {}) =>
      runAction({
        action: 'run-tests',
        inputs,
        cwd: folder,
        env: {
          GITHUB_REPOSITORY: 'acme/apps',
          GITHUB_SHA: 'a'.repeat(40),
          GITHUB_SERVER_URL: 'https://github.test',
          GITHUB_API_URL: 'https://api.github.test',
          GITHUB_GRAPHQL_URL: 'https://api.github.test/graphql',
          ...env,
        },
      }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Settings with one test command for each app. */
export function config(tests: Record<string, string>): string {
  return JSON.stringify({ apps: Object.fromEntries(Object.entries(tests).map(([name, test]) => [name, { test }])) });
}

/** A command that writes a report and ends with an exit code. */
export function reporting(cases: string, exitCode = 0): string {
  const report = `<testsuite name="unit">${cases}</testsuite>`;
  return `mkdir -p out; printf '%s' '${report}' > out/junit-unit.xml; exit ${exitCode}`;
}

const resultsSchema = v.array(
  v.looseObject({
    app: v.string(),
    passed: v.boolean(),
    problem: v.nullable(v.string()),
    attempts: v.number(),
    durationMs: v.number(),
  }),
);

/** The output `results`, without times. */
export function results({ outputs }: ActionResult): object[] {
  return v.parse(resultsSchema, JSON.parse(outputs.results ?? '')).map(({ durationMs: _, ...rest }) => rest);
}

/** Output without times, tokens and the folder of the checkout. */
export function plain(text: string, { folder }: Checkout): string {
  return text
    .replaceAll(folder, '/checkout')
    .replace(/\d+\.\d s/g, '0.0 s')
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'TOKEN')
    .replaceAll('ostack-TOKEN', 'TOKEN');
}
