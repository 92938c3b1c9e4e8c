import type { ConfigFile } from '../config/read-config.js';
import type { AppImage } from './app.js';
import { type AppConfig, type AppsConfig, type ImageConfig, inside } from './config.js';
import type { RepositoryTree, TreeEntry } from './tree.js';

/** An app's folder as found, and what the configuration says about its images. */
export interface ImageSource {
  name: string;
  path: string;
  entries: readonly TreeEntry[];
  images: AppConfig['images'];
}

/** `Dockerfile`, or `Dockerfile.<name of the image>`; a file that ends in `dockerignore` is no Dockerfile. */
const DOCKERFILE = /^Dockerfile(?:\.(?!.*dockerignore$)([A-Za-z0-9][A-Za-z0-9._-]*))?$/;

/**
 * The images of an app: those configured, else one per Dockerfile in its folder or in a folder of it. Image names are
 * lower case, as registries require.
 *
 * @throws ConfigError when a configured image has no Dockerfile, or a path of it leaves the repository
 */
export async function appImages(
  tree: RepositoryTree,
  file: ConfigFile<AppsConfig>,
  source: ImageSource,
): Promise<AppImage[]> {
  const dockerfiles = await findDockerfiles(tree, source);
  const images =
    source.images === undefined
      ? [...dockerfiles].map(([part, path]) => conventionalImage(source.name, part, path))
      : Object.entries(source.images).map(([part, image]) =>
          configuredImage(file, source, { part, image: image ?? {}, found: dockerfiles.get(partOf(source, part)) }),
        );
  return images.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Dockerfiles by the part they build, `''` for the app itself. `Dockerfile.<part>` wins over `<part>/Dockerfile`. */
async function findDockerfiles(tree: RepositoryTree, { path, entries }: ImageSource): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { name } of entries.filter(({ kind }) => kind === 'file')) {
    const match = DOCKERFILE.exec(name);
    if (match !== null) {
      found.set(match[1] ?? '', join(path, name));
    }
  }
  const parts = entries.filter(({ kind, name }) => kind === 'folder' && !/^\.|^node_modules$/.test(name));
  const listed = await Promise.all(parts.map(({ name }) => tree.list(join(path, name))));
  for (const [index, { name }] of parts.entries()) {
    if (!found.has(name) && listed[index]?.some((entry) => entry.kind === 'file' && entry.name === 'Dockerfile')) {
      found.set(name, join(path, name, 'Dockerfile'));
    }
  }
  return found;
}

/** The context of `Dockerfile.<part>` is the app's folder, of `<part>/Dockerfile` that folder: where the file lies. */
function conventionalImage(app: string, part: string, file: string): AppImage {
  return { name: imageName(app, part), context: folderOf(file), file };
}

interface ConfiguredImage {
  part: string;
  image: ImageConfig;
  found: string | undefined;
}

function configuredImage(file: ConfigFile<AppsConfig>, source: ImageSource, configured: ConfiguredImage): AppImage {
  const { part, image, found } = configured;
  const place = ['apps', source.name, 'images', part];
  const resolve = (key: 'context' | 'file'): string | undefined => {
    const path = image[key];
    const resolved = path === undefined ? undefined : inside(path, source.path);
    if (path !== undefined && resolved === undefined) {
      throw file.error(
        [...place, key],
        `expected a path inside the repository, found "${path}" from "${source.path}".`,
      );
    }
    return resolved;
  };
  const dockerfile = resolve('file') ?? found;
  if (dockerfile === undefined) {
    const tried = [`Dockerfile.${part}`, `${part}/Dockerfile`].map((name) => join(source.path, name)).join(' and ');
    throw file.error(place, `there is no Dockerfile for this image (looked for ${tried}). Name it with "file".`);
  }
  return {
    name: imageName(source.name, partOf(source, part)),
    context: resolve('context') ?? folderOf(dockerfile),
    file: dockerfile,
  };
}

function partOf(source: ImageSource, key: string): string {
  return key === source.name ? '' : key;
}

function imageName(app: string, part: string): string {
  return (part === '' ? app : `${app}-${part}`).toLowerCase();
}

function join(...parts: string[]): string {
  return parts.filter((part) => part !== '.').join('/');
}

function folderOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.';
}
