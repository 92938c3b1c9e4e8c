import { ConfigError } from '../../config/config-error.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { PREVIEW_NAME } from './name.js';
import { previewOfFile, RECORDS_FOLDER, recordFile } from './paths.js';
import { type BrokenRecord, type PreviewRecord, readRecord } from './record.js';

/** All previews of an ops repository, each by its name. */
export interface Records {
  records: PreviewRecord[];
  broken: BrokenRecord[];
}

/**
 * Reads the records of all previews, in the order of their names: one listing and one round of reads.
 *
 * @throws whatever the tree throws: a failed request is never an empty list
 */
export async function readRecords(tree: TreeReader): Promise<Records> {
  const entries = (await tree.list(RECORDS_FOLDER)) ?? [];
  const names = entries
    .filter((entry) => entry.type === 'file' && entry.name.endsWith('.yaml'))
    .map((entry) => previewOfFile(entry.name))
    .filter((name) => PREVIEW_NAME.test(name))
    .sort();
  const read = await Promise.all(
    names.map(async (name) => ({ name, text: (await tree.read(recordFile(name))) ?? '' })),
  );
  const records: PreviewRecord[] = [];
  const broken: BrokenRecord[] = [];
  for (const { name, text } of read) {
    try {
      records.push(readRecord(text, name));
    } catch (error) {
      if (!(error instanceof ConfigError)) {
        throw error;
      }
      const [, repository] = /^repository: *["']?([\w.-]+\/[\w.-]+)/m.exec(text) ?? [];
      broken.push({ name, file: recordFile(name), message: error.message, repository });
    }
  }
  return { records, broken };
}
