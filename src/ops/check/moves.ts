import { posix } from 'node:path';
import type { Target } from '../carriers/carrier.js';
import { type Held, heldBy, holdSame } from '../carriers/held.js';
import { isPerApp, type Layout } from '../layout.js';
import { readOverlay } from '../overlay.js';
import { appOfReference } from '../render/app-of.js';
import { inputsOf } from '../render/inputs-of.js';
import type { Comparison, Side } from './comparison.js';
import type { Root } from './roots.js';

/** What an environment holds of an app after a change. */
export interface HeldVersion {
  environment: string;
  app: string;
  version: string | null;
  targets: readonly Target[];
  /** Whether that is another version than before. */
  moves: boolean;
}

/** What the environments hold after a change of the apps that it can affect; nothing of one that leaves an environment. */
export async function heldVersions(
  { base, head }: Comparison,
  layout: Layout,
  roots: readonly Root[],
): Promise<HeldVersion[]> {
  const places = new Map(
    roots.flatMap((root) => {
      const { overlay } = root;
      return overlay === undefined
        ? []
        : appsOf(root, layout).map(
            (app) => [`${overlay.environment}\0${app}`, { environment: overlay.environment, app }] as const,
          );
    }),
  );
  const found = await Promise.all(
    [...places.values()].map(async ({ environment, app }): Promise<HeldVersion[]> => {
      const [before, after] = await Promise.all([
        held(base, layout, environment, app),
        held(head, layout, environment, app),
      ]);
      if (after === undefined) {
        return [];
      }
      const { version, targets } = after;
      return [{ environment, app, version, targets, moves: before === undefined || !holdSame(before, after) }];
    }),
  );
  return found.flat();
}

async function held({ tree }: Side, layout: Layout, environment: string, app: string): Promise<Held | undefined> {
  const overlay = await readOverlay(tree, layout, environment, app);
  return overlay === undefined ? undefined : heldBy(overlay.files, app);
}

/** The app of an overlay; of a group's all that its kustomization names on either side. */
function appsOf({ overlay, folder, before, after }: Root, { templates }: Layout): string[] {
  if (overlay === undefined) {
    return [];
  }
  if (overlay.app !== '' || templates.every(isPerApp)) {
    return overlay.app === '' ? [] : [overlay.app];
  }
  const closures = [before, after].flatMap((closure) => closure ?? []);
  const names = closures.flatMap(({ files, kustomizations }) => {
    const path = kustomizations.find((each) => posix.dirname(each) === folder);
    const text = path === undefined ? undefined : files.get(path);
    return path === undefined || text === undefined
      ? []
      : inputsOf(text, path)
          .filter(({ key }) => key === 'resources' || key === 'bases')
          .flatMap((input) => appOfReference(input.path) ?? []);
  });
  return [...new Set(names)];
}
