import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Root } from '../roots/find-roots.js';
import { type PlanRun, placeOf } from './plan-root.js';
import { type Bookmark, bookmarkText } from './saved-elsewhere.js';

/** A run of Terraform Cloud, or of what speaks like it. */
export interface CloudRun extends Bookmark {
  /** Its page. */
  url: string;
}

/** What the platform says of a run. */
export interface ShownRun {
  /** Its status there, with spaces: `planned and saved`, `applying`. */
  status: string;
  /** What its plan does, as people are shown it, without what is sensitive there. */
  text: string;
}

/** The run that a page is of; `undefined` for any other address. */
export function runAt(url: string): CloudRun | undefined {
  const [, host, runId] = /^https:\/\/([\w.:-]+)\/app\/[\w-]+\/[\w-]+\/runs\/(run-\w+)$/.exec(url) ?? [];
  return host === undefined || runId === undefined ? undefined : { host, runId, url };
}

/**
 * Asks the platform for a run, in a root that was initialized.
 *
 * @returns `undefined` where the tool shows none: it is older than 1.6, the token may not read it, or the plan has not ended
 */
export async function showRun(root: Root, run: PlanRun, { runId, host, url }: CloudRun): Promise<ShownRun | undefined> {
  const file = await bookmarkIn(run, { runId, host });
  const { exitCode, stdout } = await run.tool.run(['show', '-no-color', file], placeOf(root, run, run.checkout));
  const lines = stdout.trim().split('\n');
  // Warnings may be before it. Between address and status is what configuration and providers have a say in.
  const start = lines.findIndex((line) => line.trim() === url);
  const [, status] = /^Run status: ([a-z][a-z ]*) \((?:not )?confirmable\)$/.exec(lines.at(-2) ?? '') ?? [];
  const isWhole = start >= 0 && /^Workspace is (?:un)?locked$/.test(lines.at(-1) ?? '');
  return exitCode !== 0 || status === undefined || !isWhole
    ? undefined
    : {
        status,
        text: lines
          .slice(start + 1, -2)
          .join('\n')
          .trim(),
      };
}

async function bookmarkIn({ scratch }: PlanRun, of: Bookmark): Promise<string> {
  const file = join(scratch, `${of.runId}.run`);
  await writeFile(file, bookmarkText(of), { mode: 0o600 });
  return file;
}
