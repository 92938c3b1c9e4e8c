import { ConfigError } from '../../../config/config-error.js';
import { PREVIEW_NAME } from '../../preview-records/name.js';
import { DEPLOYED_RECORDS, deployedRecord, PREVIEWS_FOLDER } from '../../preview-records/paths.js';
import { readRecord } from '../../preview-records/record.js';
import type { Problem } from '../../tree/problem.js';
import { problemOf } from '../../tree/problem-of.js';
import type { Comparison } from './comparison.js';

/**
 * Changes of previews by hand that have another effect than they seem to: a preview whose record cannot be read is never
 * updated or removed, files without a record are never removed, and files that are made from a record are overwritten.
 */
export async function previewProblems({ head, changed }: Comparison): Promise<Problem[]> {
  const names = new Set([...changed].flatMap((path) => previewOf(path) ?? []));
  const there = filesByPreview(head.paths);
  const found = await Promise.all(
    [...names].map(async (name): Promise<Problem[]> => {
      const record = deployedRecord(name);
      const files = there.get(name) ?? [];
      const made = files.filter((path) => path !== record);
      if (files.includes(record)) {
        const edited = changed.has(record) ? [] : made.filter((path) => changed.has(path)).slice(0, 1);
        const text = (await head.tree.read(record)) ?? '';
        return [...recordProblems(name, text), ...edited.map((path) => editedProblem(path, record))];
      }
      // An object alone may be that of a preview whose record is on the branch of previews.
      const orphans = made.filter((path) => path.startsWith(`${PREVIEWS_FOLDER}/`));
      return orphans.slice(0, 1).map((path) => orphanProblem(path, name, record));
    }),
  );
  return [...found.flat(), ...unknownRecords(head.paths.filter((path) => changed.has(path)))];
}

function filesByPreview(paths: readonly string[]): Map<string, string[]> {
  const files = new Map<string, string[]>();
  for (const path of paths) {
    const name = previewOf(path);
    if (name !== undefined) {
      files.set(name, [...(files.get(name) ?? []), path]);
    }
  }
  return files;
}

/** Paths of a preview's files, with its name as the first group. */
const PATTERNS = [
  new RegExp(`^${DEPLOYED_RECORDS.replace('.', '\\.')}/([^/]+)\\.yaml$`),
  new RegExp(`^${PREVIEWS_FOLDER}/([^/]+)/`),
  /^clusters\/[^/]+\/previews\/([^/]+)\.yaml$/,
];

/** The preview that a path belongs to, by its name. */
function previewOf(path: string): string | undefined {
  const name = PATTERNS.map((folder) => folder.exec(path)?.[1]).find((each) => each !== undefined);
  return name !== undefined && PREVIEW_NAME.test(name) ? name : undefined;
}

function recordProblems(name: string, text: string): Problem[] {
  try {
    readRecord(text, name, deployedRecord(name));
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) {
      throw error;
    }
    const message = `${error.message} Until it can be read, ${name} is neither updated nor removed.`;
    return [{ ...problemOf(error, deployedRecord(name)), message }];
  }
}

function editedProblem(file: string, record: string): Problem {
  const message =
    `${file} is made from ${record}: a change by hand is overwritten when the preview is next updated. Change ` +
    'the base, its "preview" component, or the policy.';
  return { level: 'warning', file, line: undefined, message };
}

function orphanProblem(file: string, name: string, record: string): Problem {
  const message =
    `${file} belongs to the preview ${name}, which has no record (${record}): no run would ever remove it. Remove all files ` +
    'of the preview, or restore its record.';
  return { level: 'error', file, line: undefined, message };
}

function unknownRecords(paths: readonly string[]): Problem[] {
  return paths
    .filter((path) => path.startsWith(`${DEPLOYED_RECORDS}/`) && previewOf(path) === undefined)
    .map((file) => ({
      ...{ level: 'warning' as const, file, line: undefined },
      message: `${file} is no record of a preview, so nothing reads it. Expected a name such as pr-35.yaml.`,
    }));
}
