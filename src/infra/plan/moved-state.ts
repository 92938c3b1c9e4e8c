import type { Root } from '../roots/find-roots.js';
import { PLACES } from '../roots/module-file.js';

/**
 * What a person has to know where a change has a root keep its state somewhere else: the tool does not move it, so the plan is one
 * against an empty state, and its apply would make everything anew.
 *
 * @param before the root as the base has it; `undefined` where it is new
 * @returns a sentence that names settings and no values, for these may be secret; `undefined` where the state stays
 */
export function movedStateNote(before: Root | undefined, after: Root): string | undefined {
  if (before?.state === undefined) {
    return undefined;
  }
  const [from, to] = [before, after].map(({ state, settings }) => ({
    ...{ type: state?.type ?? 'local', workspace: settings.workspace, 'backend-config': `${settings.backendConfig}` },
    ...Object.fromEntries(PLACES.map((name) => [name, state?.settings[name]])),
  }));
  const entries = new Map(Object.entries(to ?? {}));
  const moved = Object.entries(from ?? {}).filter(([name, value]) => entries.get(name) !== value);
  if (moved.length === 0) {
    return undefined;
  }
  const what = moved.map(([name]) => (name === 'type' ? 'backend' : name)).join(', ');
  return `Its state is kept somewhere else from here on (${what}). The tool does not move what is there: where the new place is empty, this plan makes everything anew, beside what there is. Move the state first (init -migrate-state, or workspace and state commands), then have it planned again.`;
}
