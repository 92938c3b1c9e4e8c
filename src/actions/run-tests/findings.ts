import { join } from 'node:path';
import type { TestCase } from '../../app-tests/junit/report.js';
import { type Location, locate } from '../../app-tests/location.js';
import type { AppResult } from '../../app-tests/result.js';
import { openSourceIndex, type SourceIndex } from '../../app-tests/source-index.js';
import type { App } from '../../apps/app.js';

/** A failed or flaky test. */
export interface Finding {
  app: string;
  test: TestCase;
  /** Where it failed, where that is known. */
  at: Location | undefined;
}

/** Failed and flaky tests of all apps. */
export interface Findings {
  failed: Finding[];
  flaky: Finding[];
}

/** Most failures of all apps that are located and shown; the rest is counted. */
const MOST_FINDINGS = 100;

/** Collects failed and flaky tests, with their location in the repository. */
export async function collectFindings(
  results: readonly AppResult[],
  { root, apps }: { root: string; apps: readonly App[] },
): Promise<Findings> {
  const folders = new Map(apps.map(({ name, path }) => [name, path]));
  const indexes = new Map<string, SourceIndex>();
  const place = async (app: string, tests: readonly TestCase[]): Promise<Finding[]> => {
    const folder = folders.get(app) ?? '.';
    const sources = indexes.get(app) ?? openSourceIndex(join(root, folder));
    indexes.set(app, sources);
    return Promise.all(tests.map(async (test) => ({ app, test, at: await locate(test, { root, folder, sources }) })));
  };
  const findings: Findings = { failed: [], flaky: [] };
  for (const { app, cases = [], flaky } of results) {
    const failed = cases.filter(({ outcome }) => outcome === 'failed');
    findings.failed.push(...(await place(app, failed.slice(0, MOST_FINDINGS - findings.failed.length))));
    findings.flaky.push(...(await place(app, flaky.slice(0, MOST_FINDINGS - findings.flaky.length))));
  }
  return findings;
}
