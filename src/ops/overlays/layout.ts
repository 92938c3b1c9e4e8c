import { NAME_PATTERN } from '../tree/name.js';

/**
 * Where overlays are in an ops repository. The oStack layout has one template, `overlays/{environment}/{app}`. The
 * groups layout has one for each group, `<group>/overlays/{environment}`, with one kustomization for all apps of the
 * group.
 */
export interface Layout {
  /** Paths of folders with `{environment}` and, where every app has a folder of its own, `{app}`. */
  templates: string[];
  /** The environments, where something names them: then no other folder is one. */
  environments?: readonly string[] | undefined;
}

/** The folder of a group's bases: `apps/base` for `apps/overlays/{environment}`. */
export function baseOfGroup(template: string): string {
  return `${template.split('/overlays/')[0] ?? ''}/base`;
}

/** Whether every app has a folder of its own in this template. */
export function isPerApp(template: string): boolean {
  return template.includes('{app}');
}

/**
 * The folder of an app's overlay in an environment.
 *
 * @throws Error where a name cannot be part of a path, so that no name leads out of the repository
 */
export function overlayFolder(template: string, environment: string, app: string): string {
  for (const [what, name] of Object.entries({ environment, app })) {
    if (!NAME_PATTERN.test(name)) {
      throw new Error(`The ${what} "${name}" cannot be part of a path: expected letters, digits, ".", "_" and "-".`);
    }
  }
  return template.replaceAll('{environment}', environment).replaceAll('{app}', app);
}
