import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { archiveFolder } from './archive.js';
import { readBuildahFailure } from './build-failure.js';
import { isLoopback } from './challenge.js';
import { dockerConfigFolder, findCredentials, readDockerConfig } from './credentials.js';
import { type BuildEngine, type BuildResult, type EngineOptions, lastLine, runCommand } from './engine.js';
import { pinnedDockerfile } from './pins.js';
import { type BuildSettings, imageLabels, type PlannedImage } from './plan.js';
import { parseReference } from './reference.js';
import { RegistryClient } from './registry.js';

/**
 * `buildah`, when it works on this machine: builds without a daemon, one image after the other. It has no attestations,
 * and its layers are cached on the machine only.
 *
 * @returns the engine, or why it cannot be used
 */
export async function openBuildah(options: EngineOptions): Promise<BuildEngine | { reason: string }> {
  const info = await runCommand('buildah', ['info'], { env: options.env, quiet: true });
  if (!info.ok) {
    return { reason: lastLine(info.output) };
  }
  return {
    name: 'buildah',
    build: (images, settings) => buildAll(images, settings, options),
    baseDigest: (name) => baseDigest(name, options),
    close: async () => {},
  };
}

async function buildAll(
  images: readonly PlannedImage[],
  settings: BuildSettings,
  options: EngineOptions,
): Promise<BuildResult> {
  const result: BuildResult = { digests: new Map(), failures: [] };
  for (const image of images) {
    if (result.failures.some(({ image: { app } }) => app === image.app)) {
      continue;
    }
    if (settings.platforms.length > 1) {
      // A manifest list of an earlier build would keep its images.
      await runCommand('buildah', ['manifest', 'rm', localName(image)], { env: options.env, quiet: true });
    }
    const recipe = await writeRecipe(image, settings, options);
    const built = await runCommand('buildah', buildArguments(image, settings, { ...options, ...recipe }), {
      env: { ...options.env, SOURCE_DATE_EPOCH: String(settings.createdAt) },
      cwd: settings.root,
    });
    if (!built.ok) {
      const target = { name: image.image, file: image.file, dockerfile: recipe.text };
      result.failures.push({ image, failure: readBuildahFailure(built.output, target) });
    } else if (settings.archive !== undefined) {
      const { archive } = settings;
      const target = { name: `oci:${archiveFolder(archive, image.image)}:${image.tags[0] ?? 'latest'}`, flags: [] };
      await push(image, settings, options, result, [target]);
    } else if (settings.push) {
      const targets = image.tags.length > 0 ? registryTargets(image, options) : [digestTarget(options)];
      await push(image, settings, options, result, targets);
    }
  }
  return result;
}

/** What buildah reads instead of the Dockerfile, and what tells it which files to leave out. */
interface Recipe {
  text: string;
  /** Where the text is. */
  dockerfile: string;
  ignoreFile: string | undefined;
}

/** Writes the Dockerfile with its base images pinned. Its own ignore file is not found beside the copy, so it is named. */
async function writeRecipe(
  { file, pins = {} }: PlannedImage,
  { root, buildArgs }: BuildSettings,
  { folder }: EngineOptions,
): Promise<Recipe> {
  const text = pinnedDockerfile(await readFile(join(root, file), 'utf8'), buildArgs, pins);
  const dockerfile = join(folder, 'Dockerfile');
  await writeFile(dockerfile, text);
  for (const ignoreFile of [`${file}.containerignore`, `${file}.dockerignore`]) {
    if ((await stat(join(root, ignoreFile)).catch(() => undefined)) !== undefined) {
      return { text, dockerfile, ignoreFile };
    }
  }
  return { text, dockerfile, ignoreFile: undefined };
}

/**
 * The arguments of `buildah build`. Secrets are named by the variable that holds them.
 *
 * No layer of an earlier build is taken (`--no-cache`): buildah 1.28 takes those that were made with other arguments where
 * `LABEL` or a proxy's variable uses them, and those of another platform and of another commit's time.
 */
export function buildArguments(
  image: PlannedImage,
  settings: BuildSettings,
  { authFile, dockerfile = image.file, ignoreFile }: Pick<EngineOptions, 'authFile'> & Partial<Recipe>,
): string[] {
  const flags = (name: string, values: readonly string[]) => values.flatMap((value) => [name, value]);
  const pairs = (record: Record<string, string>) => Object.entries(record).map(([key, value]) => `${key}=${value}`);
  const labels = pairs(imageLabels(image, settings));
  return [
    'build',
    ...flags('--file', [dockerfile]),
    ...flags('--ignorefile', ignoreFile === undefined ? [] : [ignoreFile]),
    ...flags('--timestamp', [String(settings.createdAt)]),
    ...flags('--label', labels),
    ...flags('--annotation', labels),
    ...flags('--build-arg', pairs({ SOURCE_DATE_EPOCH: String(settings.createdAt), ...settings.buildArgs })),
    ...flags(
      '--secret',
      settings.secrets.map(({ id, variable }) => `id=${id},env=${variable}`),
    ),
    ...flags('--platform', settings.platforms.length > 0 ? [settings.platforms.join(',')] : []),
    ...flags('--authfile', authFile === undefined ? [] : [authFile]),
    ...flags(settings.platforms.length > 1 ? '--manifest' : '--tag', [localName(image)]),
    '--layers',
    '--no-cache',
    '--format',
    'oci',
    '--identity-label=false',
    image.context,
  ];
}

/** Target of a push, and the options it needs. */
interface PushTarget {
  name: string;
  flags: string[];
}

function registryTargets({ repository, tags }: PlannedImage, { authFile }: EngineOptions): PushTarget[] {
  const { registry } = parseReference(repository);
  const flags = [...(authFile === undefined ? [] : ['--authfile', authFile]), `--tls-verify=${!isLoopback(registry)}`];
  return tags.map((tag) => ({ name: `docker://${repository}:${tag}`, flags }));
}

/** Where an image goes to learn its digest only. */
function digestTarget({ folder }: EngineOptions): PushTarget {
  return { name: `oci:${join(folder, 'digest-only')}:latest`, flags: [] };
}

async function push(
  image: PlannedImage,
  settings: BuildSettings,
  { folder, env }: EngineOptions,
  result: BuildResult,
  targets: readonly PushTarget[],
): Promise<void> {
  const digestFile = join(folder, 'digest');
  for (const { name, flags } of targets) {
    const args = [
      ...(settings.platforms.length > 1 ? ['manifest', 'push', '--all'] : ['push']),
      ...flags,
      '--digestfile',
      digestFile,
      localName(image),
      name,
    ];
    const pushed = await runCommand('buildah', args, { env });
    if (!pushed.ok) {
      const reason = lastLine(pushed.output).replace(/^Error: /, '');
      const failure = { target: image.image, line: undefined, instruction: undefined, reason };
      result.failures.push({ image, failure });
      return;
    }
  }
  result.digests.set(image.repository, (await readFile(digestFile, 'utf8')).trim());
}

/** The image's name in buildah's own store. */
function localName({ repository, tags }: PlannedImage): string {
  return `${repository}:${tags[0] ?? 'latest'}`;
}

async function baseDigest(name: string, { env }: EngineOptions): Promise<string> {
  const { registry, path, tag = 'latest', digest } = parseReference(name);
  const config = await readDockerConfig(dockerConfigFolder({ ...process.env, ...env }));
  const client = new RegistryClient({ registry, credentials: findCredentials(config, registry) });
  const found = digest ?? (await client.digest(path, tag));
  if (found === undefined) {
    throw new Error(`${registry} has no ${path}:${tag}`);
  }
  return found;
}
