import type { AppOverlay } from '../../overlays/app-overlay.js';
import { renderedDiff } from '../../render/rendered-diff.js';
import type { Change } from '../../tree/change.js';
import type { TreeReader } from '../../tree/tree-reader.js';

/** So much of the difference is in the message. */
const SHOWN_LINES = 30;

/**
 * Renders every environment before and after a change.
 *
 * @throws Error with the difference where one comes to something else, or where it cannot be rendered
 */
export async function proveUnchanged(tree: TreeReader, change: Change, places: readonly AppOverlay[]): Promise<void> {
  const rendered = await renderedDiff(
    tree,
    change,
    places.map(({ folder }) => folder),
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
  const different = rendered.folders.filter(({ changes }) => changes.length > 0);
  if (different.length > 0) {
    const diffs = different.flatMap(({ folder, changes }) =>
      changes.map(({ action, kind, name, diff }) => `${folder}: ${kind} ${name} ${action}\n${diff}`),
    );
    const lines = diffs.join('\n').trimEnd().split('\n');
    const rest = lines.length > SHOWN_LINES ? `\n… and ${lines.length - SHOWN_LINES} more lines` : '';
    throw new Error(
      `Moving it into the base would change what ${different.map(({ folder }) => folder).join(', ')} ` +
        `${different.length === 1 ? 'comes' : 'come'} to, so it stays:\n${lines.slice(0, SHOWN_LINES).join('\n')}${rest}`,
    );
  }
}
