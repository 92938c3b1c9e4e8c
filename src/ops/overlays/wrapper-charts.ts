import { posix } from 'node:path';
import { lockPathOf } from '../carriers/chart-lock.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import type { TreeReader } from '../tree/tree-reader.js';

/**
 * The files with what belongs to wrapper charts among them: the lock of each, and whether the charts that it depends on lie
 * in its folder `charts`. Reads nothing where there is none.
 */
export async function withChartLocks(tree: TreeReader, files: readonly OverlayFile[]): Promise<OverlayFile[]> {
  const read = await Promise.all(
    files.map(async (file): Promise<OverlayFile[]> => {
      const path = lockPathOf(file.path);
      if (path === undefined || !/^dependencies:/m.test(file.text)) {
        return [file];
      }
      const folder = posix.dirname(file.path);
      const [text, entries = []] = await Promise.all([
        files.some((other) => other.path === path) ? undefined : tree.read(path),
        tree.list(posix.join(folder, 'charts')),
      ]);
      const isVendored = entries.some(({ name, type }) => type === 'folder' || name.endsWith('.tgz'));
      return [
        isVendored ? { ...file, vendored: true } : file,
        ...(text === undefined ? [] : [{ path, text, ...(file.shared === true ? { shared: true as const } : {}) }]),
      ];
    }),
  );
  return read.flat();
}
