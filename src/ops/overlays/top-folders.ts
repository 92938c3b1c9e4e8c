import { canBeEnvironment } from './environment-name.js';

/** Folders at the root that hold no app: clusters, previews, infrastructure as code, tools. */
const NO_APPS = new Set(
  'clusters profiles fleet flux bootstrap previews terraform tofu ansible packer scripts hack test tests'.split(' '),
);

/** Whether a folder at the root can be an app, or hold some, by its name. */
export function canHoldApps(name: string): boolean {
  return !NO_APPS.has(name) && !name.startsWith('.');
}

/** Whether a folder at the root can be an app by its name, where the apps are beside each other there. */
export function canBeTopApp(name: string): boolean {
  return canHoldApps(name) && canBeEnvironment(name);
}
