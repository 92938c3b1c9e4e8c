import type { AppOverlay } from '../../overlays/app-overlay.js';
import { type RenderedFolder, renderedDiff } from '../../render/rendered-diff.js';
import type { Change } from '../../tree/change.js';
import { DifferenceError } from '../../tree/difference-error.js';
import type { TreeReader } from '../../tree/tree-reader.js';

/** Lines of the difference that are shown. */
const SHOWN_LINES = 30;

/**
 * Proves that a change alters nothing in the clusters: renders every overlay before and after it.
 *
 * @throws DifferenceError where one renders to something else; Error where one cannot be rendered
 */
export async function proveUnchanged(tree: TreeReader, change: Change, overlays: readonly AppOverlay[]): Promise<void> {
  const rendered = await renderedDiff(
    tree,
    change,
    overlays.map(({ folder }) => folder),
  );
  if ('unavailable' in rendered) {
    throw new Error(
      `Cannot prove that every environment stays as it is: ${rendered.unavailable} ` +
        'Nothing is moved without that proof.',
    );
  }
  const problem = rendered.folders.find((folder) => folder.problem !== undefined);
  if (problem !== undefined) {
    throw new Error(
      `Cannot prove that every environment stays as it is: ${problem.folder} does not build. ${problem.problem ?? ''}`,
    );
  }
  const difference = differenceIn(rendered.folders);
  if (difference !== undefined) {
    throw difference;
  }
}

/** Why folders that are to stay as they are do not; `undefined` where they do. */
export function differenceIn(
  folders: readonly Pick<RenderedFolder, 'folder' | 'changes'>[],
): DifferenceError | undefined {
  const different = folders.filter(({ changes }) => changes.length > 0);
  if (different.length === 0) {
    return undefined;
  }
  const diffs = different.flatMap(({ folder, changes }) =>
    changes.map(({ action, kind, name, diff }) => `${folder}: ${kind} ${name} ${action}\n${diff}`),
  );
  const lines = diffs.join('\n').trimEnd().split('\n');
  const rest = lines.length > SHOWN_LINES ? `\n… and ${lines.length - SHOWN_LINES} more lines` : '';
  return new DifferenceError(
    `Moving it into the base would change what ${different.map(({ folder }) => folder).join(', ')} ` +
      `${different.length === 1 ? 'renders' : 'render'} to, so it stays:`,
    `${lines.slice(0, SHOWN_LINES).join('\n')}${rest}`,
  );
}
