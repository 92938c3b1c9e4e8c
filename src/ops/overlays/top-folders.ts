import { canBeEnvironment } from './environment-name.js';

/** Folders at the root that hold no app: clusters, previews, infrastructure as code, tools. */
const NO_APPS = new Set(
  'clusters profiles fleet flux bootstrap previews terraform tofu ansible packer scripts hack test tests'.split(' '),
);

/** Folders that may be apps by their names, but tell nothing of where apps are: sources, secrets, teams, objects of Argo CD. */
const TELL_NOTHING = new Set(
  (
    'docs tenants secrets images docker build bin cmd pkg src lib libs ci e2e tf vendor examples samples ' +
    'argocd argo-cd appsets applicationsets'
  ).split(' '),
);

/** Whether a folder at the root can be an app, or hold some, by its name. */
export function canHoldApps(name: string): boolean {
  return !NO_APPS.has(name) && !name.startsWith('.');
}

/** Whether a folder at the root is looked into, to see where apps are. */
export function tellsShape(name: string): boolean {
  return canHoldApps(name) && !TELL_NOTHING.has(name);
}

/** Whether a folder at the root can be an app by its name, where the apps are beside each other there. */
export function canBeTopApp(name: string): boolean {
  return canHoldApps(name) && canBeEnvironment(name);
}
