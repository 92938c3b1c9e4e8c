import type { CarrierPolicy } from '../policy/carrier-policy.js';
import { isFilePattern } from '../policy/overlay-pattern.js';
import type { AppPolicy } from '../policy/overlay-policy.js';
import type { Revision } from '../reconcilers/deployed-folder.js';
import { NAME_PATTERN } from '../tree/name.js';

/** An object of Flux or Argo CD that deploys a folder of this repository and sets something of what is there. */
export interface DeployingObject {
  /** Path of its file. */
  file: string;
  /** `Application/web-staging` */
  object: string;
  /** The name of the object, or of the one that is generated from it; empty where nobody can tell. */
  name: string;
  /** The folder that it deploys; empty for the root. */
  path: string;
  /** Files of Helm values that it takes, the later over the earlier one. */
  values: readonly string[];
  /** Folders of kustomize components that it adds to the folder. */
  components?: readonly string[];
  /** What it takes the folder from; `undefined` for the default branch. */
  revision: Revision | undefined;
  /** Whether it sets something of what is there, so that its file is of use. */
  isSetting: boolean;
  /** Whether it stands for several Applications. */
  isSet: boolean;
  /** Whether it deploys a folder that is above those of the environments, so that what it takes in tells whose it is. */
  isWide?: boolean;
}

/**
 * Where overlays are in an ops repository. The oStack layout has one template, `overlays/{environment}/{app}`. The
 * groups layout has one for each group, `<group>/overlays/{environment}`, with one kustomization for all apps of the
 * group.
 */
export interface Layout {
  /**
   * Paths with `{environment}` and, where every app has its own, `{app}`: of folders, or of files that are overlays by
   * themselves.
   */
  templates: string[];
  /** The environments, where something names them: then no other folder is one. */
  environments?: readonly string[] | undefined;
  /** Whether every name that environments usually have is one too. */
  hasUsual?: boolean | undefined;
  /** Apps that the policy says something of, or that have overlays of their own, by name. */
  apps?: ReadonlyMap<string, AppPolicy> | undefined;
  /** Further overlays of single apps, beside those of the templates: files of objects that deploy them. */
  further?: readonly AppTemplate[] | undefined;
  /**
   * Where the overlays of a template are, by template and environment, as far as the environments' names do not tell that:
   * `deploy/{environment}` is in `deploy/prod-eu` for production. A path may have `{app}` where its template has it. Such a
   * template has no other environments.
   */
  places?: Places | undefined;
  /** Values that the policy says carry versions; none has `*` but in the overlays of the templates. */
  carriers?: readonly CarrierPolicy[] | undefined;
  /** Objects of Flux and Argo CD that deploy overlays and set something of what is there, as far as objects were looked at. */
  deployedBy?: readonly DeployingObject[] | undefined;
  /** Helmfiles of all environments, which may say versions over the values of each. */
  helmfiles?: readonly string[] | undefined;
  /** The branch that is written, for what objects follow; `undefined` where it is not known. */
  branch?: string | undefined;
  /** The repository itself, `owner/name`; `undefined` where it is not known. */
  repository?: string | undefined;
  /** Whether it is of what materialize wrote, which nobody writes a version to. */
  isRendered?: boolean;
  /** The git repositories that objects of Flux name, as far as objects were looked at. */
  gitSources?: readonly GitSource[] | undefined;
}

/** A GitRepository of Flux. */
export interface GitSource {
  name: string;
  /** `owner/name` in small letters. */
  repository: string;
}

/** A template of a single app. */
export interface AppTemplate {
  app: string;
  template: string;
}

/** Paths by template and environment. */
export type Places = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** A template in an environment: a path that has `{app}` at most. */
export function inEnvironment({ places }: Pick<Layout, 'places'>, template: string, environment: string): string {
  return places?.get(template)?.get(environment) ?? template.replaceAll('{environment}', environment);
}

/** Whether an environment has the place of a template. One whose environments are named has no others. */
export function hasPlace({ places }: Pick<Layout, 'places'>, template: string, environment: string): boolean {
  return places?.get(template)?.has(environment) ?? true;
}

/** The templates of an app's overlays: its own one where it has one, and those of objects that deploy it. */
export function overlayTemplatesOf({ templates, apps, further }: Layout, app: string): readonly string[] {
  const own = apps?.get(app)?.overlay;
  const more = (further ?? []).filter((each) => each.app === app).map(({ template }) => template);
  return [...(own === undefined ? templates : [own]), ...more];
}

/** Templates of a single app each. */
export function ownTemplates({ apps, further }: Layout): AppTemplate[] {
  const own = [...(apps ?? [])].flatMap(([app, { overlay }]) =>
    overlay === undefined ? [] : [{ app, template: overlay }],
  );
  return [...own, ...(further ?? [])];
}

/** The folder of the bases of a group: `apps/base` for `apps/overlays/{environment}` and for `apps/{environment}`. */
export function baseOfGroup(template: string): string {
  const segments = template.split('/');
  const overlays = segments.indexOf('overlays');
  const at = overlays >= 0 ? overlays : segments.findIndex((segment) => segment.includes('{environment}'));
  return [...segments.slice(0, at), 'base'].join('/');
}

/** Whether every app has a folder or file of its own in this template. */
export function isPerApp(layout: Pick<Layout, 'apps' | 'further' | 'carriers'>, template: string): boolean {
  return (
    template.includes('{app}') ||
    ownTemplates({ templates: [], ...layout }).some((own) => own.template === template) ||
    (layout.carriers ?? []).some(({ file }) => file === template)
  );
}

/** Whether an overlay of this template is a file. */
export function isFile(template: string): boolean {
  return isFilePattern(template);
}

/**
 * The folder of an app's overlay in an environment, or its file.
 *
 * @throws Error where a name cannot be part of a path, so that no name leads out of the repository
 */
export function overlayFolder(
  layout: Pick<Layout, 'places'>,
  template: string,
  environment: string,
  app: string,
): string {
  for (const [what, name] of Object.entries({ environment, app })) {
    if (!NAME_PATTERN.test(name)) {
      throw new Error(`The ${what} "${name}" cannot be part of a path: expected letters, digits, ".", "_" and "-".`);
    }
  }
  return inEnvironment(layout, template, environment).replaceAll('{app}', app);
}
