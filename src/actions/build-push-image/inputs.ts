import { resolve } from 'node:path';
import * as v from 'valibot';
import { releaseSchema } from '../../release/release.js';
import {
  booleanInput,
  choiceInput,
  jsonInput,
  listInput,
  namesInput,
  pairsInput,
  secretInput,
  secretPairsInput,
  textInput,
} from '../../runtime/inputs.js';

/** Reads the inputs. @throws Error naming the input that is missing or malformed */
export function readInputs() {
  const releases = jsonInput('releases', v.array(releaseSchema));
  const apps = namesInput('apps');
  const image = textInput('image');
  const given = [releases, apps, image].filter((one) => one !== undefined).length;
  if (given === 0) {
    throw new Error(
      'Inputs "releases", "apps" and "image" are all empty. Pass the output "releases" of tag-release, the output "affected" of affected-apps as "apps", or name one image.',
    );
  }
  if (given > 1) {
    throw new Error(
      'More than one of the inputs "releases", "apps" and "image" is given. Use one of them: all released images, all images of apps, or one image.',
    );
  }
  const archive = archiveInput();
  return {
    releases,
    apps,
    image,
    app: textInput('app'),
    context: textInput('context'),
    file: textInput('file'),
    tags: listInput('tags'),
    registry: registryInput(),
    previewImages: textInput('preview-images'),
    space: choiceInput('space', ['auto', 'release', 'previews'], 'auto'),
    username: textInput('username'),
    password: secretInput('password'),
    engine: choiceInput('engine', ['auto', 'buildx', 'buildah'], 'auto'),
    platforms: platformsInput(),
    buildArgs: pairsInput('build-args', /^[A-Za-z_]\w*$/),
    secrets: secretPairsInput('secrets'),
    cache: choiceInput('cache', ['registry', 'gha', 'none'], 'registry'),
    provenance: booleanInput('provenance', false),
    sbom: booleanInput('sbom', false),
    archive,
    push: archive === undefined && booleanInput('push', true),
    dryRun: booleanInput('dry-run', false),
    token: secretInput('github-token') ?? '',
  };
}

export type Inputs = ReturnType<typeof readInputs>;

function registryInput(): string | undefined {
  const registry = textInput('registry')?.replace(/(?<!\/)\/+$/, '');
  if (registry?.includes('://')) {
    throw new Error(`Input "registry" is "${registry}", expected it without https://, for example ghcr.io/acme.`);
  }
  return registry;
}

/** The folder of the archive. @throws Error for a comma, which separates the engine's options */
function archiveInput(): string | undefined {
  const folder = textInput('archive');
  if (folder !== undefined && /[,"':\p{Cc}]/u.test(folder)) {
    throw new Error(
      `Input "archive" is ${JSON.stringify(folder)}, expected a folder without commas, colons and quotes.`,
    );
  }
  return folder === undefined ? undefined : resolve(process.env.GITHUB_WORKSPACE ?? process.cwd(), folder);
}

function platformsInput(): string[] {
  const platforms = listInput('platforms');
  const wrong = platforms.find((platform) => !/^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9.]+)?$/.test(platform));
  if (wrong !== undefined) {
    throw new Error(`Input "platforms" has "${wrong}", expected entries like linux/amd64 or linux/arm/v7.`);
  }
  return platforms;
}
