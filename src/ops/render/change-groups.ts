import type { Layout } from '../overlays/layout.js';
import { overlayOfPath } from '../overlays/overlay-path.js';
import type { ResourceChange } from './compare-resources.js';

/** What changes of one app in one environment. */
export interface ChangeGroup {
  /** The environment; the folder itself where that is no overlay. */
  environment: string;
  /** Empty where the folder is no overlay; what the apps of a group share is `<group> (shared)`. */
  app: string;
  changes: readonly ResourceChange[];
}

/** What changes in a folder, app by app; one group without changes where nothing does. */
export function changeGroups(
  layout: Layout | undefined,
  folder: string,
  changes: readonly ResourceChange[],
): ChangeGroup[] {
  const place = layout === undefined ? undefined : overlayOfPath(layout, folder);
  if (place === undefined || place.app !== '') {
    return [{ environment: place?.environment ?? folder, app: place?.app ?? '', changes }];
  }
  const apps = [...new Set(changes.map(({ app }) => app))].sort((one, other) => compareApps(one, other));
  return (apps.length === 0 ? [''] : apps).map((app) => ({
    environment: place.environment,
    app: app === '' ? `${folder.split('/')[0] ?? ''} (shared)` : app,
    changes: changes.filter((change) => change.app === app),
  }));
}

/** By name, what is shared last. */
function compareApps(one: string, other: string): number {
  return one === '' ? 1 : other === '' || one < other ? -1 : 1;
}

/** The groups as the environments are in order, what is of no environment last; then by app. */
export function inEnvironmentOrder(groups: readonly ChangeGroup[], environments: readonly string[]): ChangeGroup[] {
  const rank = ({ environment }: ChangeGroup) => {
    const at = environments.indexOf(environment);
    return at < 0 ? environments.length : at;
  };
  // Sorting is stable: apps stay in their order.
  return [...groups].sort((one, other) => rank(one) - rank(other));
}
