import { code, plain, table } from '../report/markdown.js';
import type { Delivery } from './deliver.js';

/** Mode of the run, which decides the wording. */
export interface SummaryMode {
  dryRun: boolean;
  push: boolean;
}

/** The job summary: what failed and where, and a row for each image. */
export function deliverySummary({ delivered, failed }: Delivery, { dryRun, push }: SummaryMode): string {
  const parts = [dryRun ? '## Images (dry run)' : '## Images'];
  if (failed.length > 0) {
    const lines = failed.map(({ planned, message }) => `- **${plain(planned.app)}**: ${code(message)}`);
    parts.push(['### Not built', ...lines].join('\n'));
  }
  if (delivered.length > 0) {
    const rows = delivered.map(({ planned, digest, reused, platforms, size }) => [
      plain(planned.app),
      code(planned.repository),
      planned.tags
        .filter(isForPeople)
        .map((tag) => code(shortTag(tag)))
        .join(' '),
      digest === undefined ? '' : code(digest.slice(0, 'sha256:'.length + 12)),
      outcome(reused, { dryRun, push }),
      plain(platforms.join(', ')),
      size === undefined ? '' : formatBytes(size),
    ]);
    parts.push(table(['app', 'image', 'tags', 'digest', '', 'platforms', 'size'], rows));
  }
  if (delivered.length === 0 && failed.length === 0) {
    parts.push('Nothing to build.');
  }
  return `${parts.join('\n\n')}\n`;
}

function outcome(reused: boolean, { dryRun, push }: SummaryMode): string {
  if (reused) {
    return dryRun ? 'would be reused' : 'reused';
  }
  if (dryRun) {
    return 'would be built';
  }
  return push ? 'built' : 'built, not pushed';
}

/** Whether a tag is shown: not the content tag, which only serves to find the image again. */
function isForPeople(tag: string): boolean {
  return !/^content-[0-9a-f]{40}$/.test(tag);
}

/** A tag that is a commit id, shortened to twelve digits. */
function shortTag(tag: string): string {
  return /^[0-9a-f]{40}$/.test(tag) ? tag.slice(0, 12) : tag;
}

/** Bytes in units of 1000, as registries show sizes: `1.2 MB`, `12 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
