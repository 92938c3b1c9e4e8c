import type { Layout } from '../overlays/layout.js';
import { overlayOfPath } from '../overlays/overlay-path.js';
import type { ResourceChange } from './compare-resources.js';

/** The changes of an app in an environment. */
export interface ChangeGroup {
  /** The environment; the folder itself where that is not an overlay. */
  environment: string;
  /** Empty where the folder is not an overlay; `<group> (shared)` for what the apps of a group share. */
  app: string;
  changes: readonly ResourceChange[];
}

/** Groups the changes of a folder by app. Where nothing changes, there is one group without changes. */
export function changeGroups(
  layout: Layout | undefined,
  folder: string,
  changes: readonly ResourceChange[],
): ChangeGroup[] {
  const overlay = layout === undefined ? undefined : overlayOfPath(layout, folder);
  if (overlay === undefined || overlay.app !== '') {
    return [{ environment: overlay?.environment ?? folder, app: overlay?.app ?? '', changes }];
  }
  const apps = [...new Set(changes.map(({ app }) => app))].sort((one, other) => compareApps(one, other));
  return (apps.length === 0 ? [''] : apps).map((app) => ({
    environment: overlay.environment,
    app: app === '' ? `${folder.split('/')[0] ?? ''} (shared)` : app,
    changes: changes.filter((change) => change.app === app),
  }));
}

/** Compares apps by name; what they share comes last. */
function compareApps(one: string, other: string): number {
  return one === '' ? 1 : other === '' || one < other ? -1 : 1;
}

/** Sorts groups by the order of their environments, those of no environment last, and then by app. */
export function inEnvironmentOrder(groups: readonly ChangeGroup[], environments: readonly string[]): ChangeGroup[] {
  const rank = ({ environment }: ChangeGroup) => {
    const at = environments.indexOf(environment);
    return at < 0 ? environments.length : at;
  };
  // Sorting is stable, so that apps keep their order.
  return [...groups].sort((one, other) => rank(one) - rank(other));
}
