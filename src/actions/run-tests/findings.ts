import type { TestCase } from '../../app-tests/junit/report.js';
import { type Location, locate } from '../../app-tests/location.js';
import type { AppResult } from '../../app-tests/result.js';
import type { App } from '../../apps/app.js';

/** A test worth telling of. */
export interface Finding {
  app: string;
  test: TestCase;
  /** Where it failed, where that is known. */
  at: Location | undefined;
}

/** What the tests of all apps say. */
export interface Findings {
  failed: Finding[];
  flaky: Finding[];
}

/** Failures that are looked up and shown, of all apps together; the rest is only counted. */
const MOST_FINDINGS = 100;

/** Collects what failed and what is flaky, with its place in the repository. */
export async function collectFindings(
  results: readonly AppResult[],
  { root, apps }: { root: string; apps: readonly App[] },
): Promise<Findings> {
  const folders = new Map(apps.map(({ name, path }) => [name, path]));
  const place = async (app: string, tests: readonly TestCase[]): Promise<Finding[]> =>
    Promise.all(
      tests.map(async (test) => ({ app, test, at: await locate(test, { root, folder: folders.get(app) ?? '.' }) })),
    );
  const findings: Findings = { failed: [], flaky: [] };
  for (const { app, cases = [], flaky } of results) {
    const failed = cases.filter(({ outcome }) => outcome === 'failed');
    findings.failed.push(...(await place(app, failed.slice(0, MOST_FINDINGS - findings.failed.length))));
    findings.flaky.push(...(await place(app, flaky.slice(0, MOST_FINDINGS - findings.flaky.length))));
  }
  return findings;
}
