import { isRegion } from '../overlays/environment-name.js';

/** How the folders of an environment's clusters are called, and which environments have such folders. */
export interface ClusterForm {
  /** `{environment}-eu-1` */
  form: string;
  environments: string[];
}

/**
 * The names by which folders are those of clusters of environments that the policy names: `production-eu-1` and
 * `us-1-production` for production. Where an environment has a folder of its own name, others are something else.
 *
 * @param folders beside each other
 * @param declared the environments of the policy
 */
export function clusterForms(folders: readonly string[], declared: readonly string[]): ClusterForm[] {
  const forms = new Map<string, string[]>();
  const open = declared.filter((name) => !folders.includes(name));
  for (const folder of folders.filter((name) => !declared.includes(name))) {
    for (const environment of open) {
      const form = formOf(folder, environment);
      if (form !== undefined) {
        forms.set(form, [...(forms.get(form) ?? []), environment]);
      }
    }
  }
  return [...forms].map(([form, environments]) => ({ form, environments }));
}

function formOf(folder: string, environment: string): string | undefined {
  if (folder.startsWith(`${environment}-`)) {
    const region = folder.slice(environment.length + 1);
    return isRegion(region) ? `{environment}-${region}` : undefined;
  }
  const region = folder.endsWith(`-${environment}`) ? folder.slice(0, -environment.length - 1) : '';
  return region !== '' && isRegion(region) ? `${region}-{environment}` : undefined;
}
