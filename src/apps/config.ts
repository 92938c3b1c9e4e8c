import * as v from 'valibot';
import { readConfig } from '../config/read-config.js';
import { releaseKeys } from './release-keys.js';

/** The one configuration file of a repository, at its root. */
export const CONFIG_FILE = 'ostack.yaml';

/** An app's name is part of tags, branches, image names and Kubernetes names. */
export const APP_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;

/** A path in the file, in its canonical form: without `.` parts and a slash at the end. */
const pathSchema = v.pipe(
  v.string(),
  v.check((path) => inside(path) !== undefined, 'expected a path inside the repository, relative to its root'),
  v.transform((path) => inside(path) ?? path),
);

/** A path relative to an app's folder, which it may leave (`../..`); that it stays in the repository is checked later. */
const relativePathSchema = v.pipe(
  v.string(),
  v.check((path) => isRelative(path), "expected a path relative to the app's folder, with / between its parts"),
);

const nameSchema = v.pipe(
  v.string(),
  v.check(
    (name) => APP_NAME.test(name) && !name.includes('..'),
    'expected letters, digits, and ".", "_" or "-" between them',
  ),
);

const imageSchema = v.strictObject({
  context: v.pipe(
    v.optional(relativePathSchema),
    v.description("Build context, relative to the app's folder. Default: the folder of the Dockerfile."),
  ),
  file: v.pipe(
    v.optional(relativePathSchema),
    v.description("Dockerfile, relative to the app's folder. Default: Dockerfile.<image> or <image>/Dockerfile."),
  ),
});

const appSchema = v.strictObject({
  path: v.pipe(v.optional(pathSchema), v.description('Folder of the app. Default: apps/<app>.')),
  shared: v.pipe(
    v.optional(v.array(pathSchema), []),
    v.description(
      'Further paths of the repository whose changes release the app too: a shared package, or a pattern as packages/*/src. Each must match something.',
    ),
  ),
  test: v.pipe(v.optional(v.string()), v.description('Command that tests the app, run in its folder.')),
  images: v.pipe(
    v.optional(v.record(nameSchema, v.nullable(imageSchema))),
    v.description(
      'The images of the app, instead of one per Dockerfile found. The key <app> names the image <app>, any other key <app>-<key>.',
    ),
  ),
});

/** The name of a workspace: a prefix of repositories, namespaces and apps. */
export const workspaceSchema = v.pipe(
  v.string(),
  v.regex(/^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?$/, 'expected lower-case letters, digits and "-", at most 32 of them'),
);

/** The shape of `ostack.yaml` in an apps repository. Every key is optional, and so is the file. */
export const appsConfigSchema = v.strictObject({
  workspace: v.pipe(
    v.optional(workspaceSchema),
    v.description('Line of work that the repository belongs to: the prefix of its ops repository and its namespaces.'),
  ),
  ops: v.pipe(
    v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/, 'expected a repository as owner/name'))),
    v.description('The ops repository, as owner/name. Default: <owner>/ops, or <owner>/<workspace>-ops.'),
  ),
  registry: v.pipe(
    v.optional(
      v.pipe(
        v.string(),
        v.regex(
          /^[a-z0-9.-]+(?::\d{1,5})?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/,
          'expected a registry host and path in lower case without https://, for example ghcr.io/acme',
        ),
      ),
    ),
    v.description(
      'Where the images go: the registry and the path before the name of the image. Default: ghcr.io/<owner>.',
    ),
  ),
  'preview-images': v.pipe(
    v.optional(
      v.pipe(
        v.string(),
        v.regex(
          /^[a-z0-9.-]+(?::\d{1,5})?\/[a-z0-9._/{}-]+$/,
          'expected a registry and a name in lower case with {image} in it, for example ghcr.io/acme/previews/{image}',
        ),
      ),
    ),
    v.description(
      'How images of pull requests are named, apart from those of releases. Default: <registry>/previews/{image}, and in Docker Hub, which has no such names, <registry>/{image}-previews.',
    ),
  ),
  'token-services': v.pipe(
    v.optional(
      v.array(
        v.pipe(
          v.string(),
          v.regex(
            /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?$/,
            'expected a host without https://, for example auth.acme.dev',
          ),
        ),
      ),
      [],
    ),
    v.description(
      "Hosts that the registry's user and password may be sent to where the registry asks for it, beside those of its own site.",
    ),
  ),
  ...releaseKeys,
  apps: v.pipe(
    v.optional(v.record(nameSchema, v.nullable(appSchema)), {}),
    v.description('Settings of single apps, by name. Apps in apps/<app> need none.'),
  ),
});

export type AppsConfig = v.InferOutput<typeof appsConfigSchema>;
export type AppConfig = NonNullable<AppsConfig['apps'][string]>;
export type ImageConfig = v.InferOutput<typeof imageSchema>;

/**
 * Reads `ostack.yaml` of an apps repository.
 *
 * @throws ConfigError with every problem and its position
 */
export function readAppsConfig(text: string, file = CONFIG_FILE): AppsConfig {
  return readConfig(appsConfigSchema, text, file);
}

/**
 * The ops repository of an apps repository: as configured, else `<owner>/ops`, with the workspace as its prefix.
 *
 * @param appsRepository `owner/name`
 */
export function opsRepository(config: AppsConfig, appsRepository: string): string {
  const [owner = ''] = appsRepository.split('/');
  return config.ops ?? `${owner}/${config.workspace === undefined ? '' : `${config.workspace}-`}ops`;
}

/** The workspace whose default ops repository has this name: `growth` for `growth-ops`. */
export function workspaceOfOps(name: string): string | undefined {
  const workspace = /^(.+)-ops$/.exec(name)?.[1];
  return v.is(workspaceSchema, workspace) ? workspace : undefined;
}

/**
 * Where images go, without a slash at the end: as configured, else the owner's space in GitHub's registry, whose names
 * are lower case.
 *
 * @param appsRepository `owner/name`
 */
export function imageRegistry(config: AppsConfig, appsRepository: string): string {
  const [owner = ''] = appsRepository.split('/');
  return config.registry ?? `ghcr.io/${owner.toLowerCase()}`;
}

/**
 * A path as a canonical one inside the repository.
 *
 * @param path as written
 * @param from the folder it is relative to, itself canonical; `.` is the root
 * @returns the path without `.`, `..` and empty parts, `.` for the root; `undefined` when it leaves the repository
 */
export function inside(path: string, from = '.'): string | undefined {
  if (!isRelative(path)) {
    return undefined;
  }
  const parts = from === '.' ? [] : from.split('/');
  for (const part of path.split('/')) {
    if (part === '..' && parts.pop() === undefined) {
      return undefined;
    }
    if (part !== '' && part !== '.' && part !== '..') {
      parts.push(part);
    }
  }
  return parts[0] === '.git' ? undefined : parts.join('/') || '.';
}

/** Not empty, not absolute on any system, with forward slashes, and without control characters. */
function isRelative(path: string): boolean {
  return path.trim() !== '' && !/^\/|^[A-Za-z]:|[\\\p{Cc}]/u.test(path);
}
