import type { Root } from '../../judgement/roots.js';
import type { Layout } from '../../overlays/layout.js';
import { overlayOfPath } from '../../overlays/overlay-path.js';
import { type Closure, escapeProblem, type ReferenceLocation } from '../../render/closure.js';
import type { Problem } from '../../tree/problem.js';

/**
 * References of the affected folders that lead to nothing, out of the repository, or into another environment. Those that
 * were there before, in files that the change leaves alone, are not its problem.
 */
export function referenceProblems(roots: readonly Root[], layout: Layout, changed: ReadonlySet<string>): Problem[] {
  return roots.flatMap(({ before, after, overlay }) => {
    if (after === undefined) {
      return [];
    }
    const isNew = <T extends ReferenceLocation>(list: (closure: Closure) => readonly T[]): T[] => {
      const old = new Set((before === undefined ? [] : list(before)).map(({ file, path }) => `${file}\0${path}`));
      return list(after).filter(({ file, path }) => changed.has(file) || !old.has(`${file}\0${path}`));
    };
    const missing = isNew((closure) => closure.missing);
    const escapes = isNew((closure) => closure.escapes);
    const links = isNew((closure) => closure.links);
    const { helm } = after;
    return [
      ...missing.map(({ file, line, path, key }): Problem => {
        const message = `${file}:${line}: there is no "${path}", which "${key}" refers to. Add it, or remove the reference.`;
        return { level: 'error', file, line, message };
      }),
      ...escapes.map(
        (mention): Problem => ({
          level: 'error',
          file: mention.file,
          line: mention.line,
          message: escapeProblem(mention),
        }),
      ),
      ...links.flatMap(({ file, line, path, target }): Problem[] => {
        const other = overlayOfPath(layout, target);
        if (overlay === undefined || other === undefined || other.environment === overlay.environment) {
          return [];
        }
        const message =
          `${file}:${line}: "${path}" belongs to ${other.environment}, and this overlay to ${overlay.environment}: a change there ` +
          `would reach ${overlay.environment} without a promotion. Move what they share into a base or a component.`;
        return [{ level: 'error', file, line, message }];
      }),
      ...helm.map((file): Problem => {
        const message = `${file} inflates Helm charts, which are not rendered here: what changes in them is missing below.`;
        return { level: 'warning', file, line: undefined, message };
      }),
    ];
  });
}
