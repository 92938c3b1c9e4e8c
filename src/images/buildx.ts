import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { cacheAccess } from '../runtime/step-environment.js';
import { type Builder, bakeDefinition, bakeText, targetNames } from './bake.js';
import { type BuiltTarget, readBuildFailure } from './build-failure.js';
import { type BuildEngine, type BuildResult, type EngineOptions, lastLine, runCommand } from './engine.js';
import type { BuildSettings, PlannedImage } from './plan.js';

const metadataSchema = v.record(
  v.string(),
  v.looseObject({
    'containerimage.digest': v.optional(v.string()),
    /**
     * The descriptor of what a cache was written as, as BuildKit gives it: JSON in a text.
     *
     * @see https://github.com/moby/buildkit/blob/v0.13.0/cache/remotecache/export.go
     */
    'cache.manifest': v.optional(v.union([v.string(), v.looseObject({})])),
  }),
);

/**
 * `docker buildx`, when it works on this machine.
 *
 * The builder is the selected one (`docker/setup-buildx-action` selects one). Docker's own builder is used
 * when docker keeps images in containerd; without that it can neither rewrite timestamps nor export caches, and then a
 * builder in a container is made for this run.
 *
 * @returns the engine, or why it cannot be used
 */
export async function openBuildx(options: EngineOptions): Promise<BuildEngine | { reason: string }> {
  const docker = (...args: string[]) => runCommand('docker', args, { env: options.env, quiet: true });
  const [version, inspect] = await Promise.all([docker('buildx', 'version'), docker('buildx', 'inspect')]);
  if (!version.ok || !inspect.ok) {
    return { reason: lastLine((version.ok ? inspect : version).output) };
  }
  const driver = /^Driver:\s*(\S+)/m.exec(inspect.stdout)?.[1];
  let own: string | undefined;
  if (driver === 'docker') {
    const info = await docker('info', '--format', '{{json .DriverStatus}}');
    if (!info.ok) {
      return { reason: lastLine(info.output) };
    }
    if (!info.stdout.includes('io.containerd.snapshotter')) {
      const network = options.registryIsHere ? ['--driver-opt', 'network=host'] : [];
      const created = await docker('buildx', 'create', '--driver', 'docker-container', ...network);
      if (!created.ok) {
        return { reason: lastLine(created.output) };
      }
      own = created.stdout.trim();
    }
  }
  const builder: ChosenBuilder = {
    kind: driver === 'docker' && own === undefined ? 'docker' : 'other',
    flags: own === undefined ? [] : ['--builder', own],
  };
  return {
    name: 'buildx',
    build: (images, settings) => build(images, settings, options, builder),
    async baseDigest(name) {
      const inspected = await docker(
        'buildx',
        'imagetools',
        'inspect',
        ...builder.flags,
        '--format',
        '{{json .Manifest}}',
        name,
      );
      const digest = /"digest":\s*"(sha256:[0-9a-f]{64})"/.exec(inspected.stdout)?.[1];
      if (!inspected.ok || digest === undefined) {
        throw new Error(lastLine(inspected.output));
      }
      return digest;
    },
    async close() {
      if (own !== undefined) {
        await docker('buildx', 'rm', own);
      }
    },
  };
}

/** The builder of one run, with the arguments that select it. */
interface ChosenBuilder {
  kind: Builder;
  flags: string[];
}

/**
 * Bakes all images in one session. An image that does not build fails all images of its app; the images of the other
 * apps are then baked again, which is fast because their steps are cached.
 */
async function build(
  images: readonly PlannedImage[],
  settings: BuildSettings,
  options: EngineOptions,
  builder: ChosenBuilder,
): Promise<BuildResult> {
  const failures: BuildResult['failures'] = [];
  let left = [...images];
  while (left.length > 0) {
    const names = targetNames(left);
    const definition = join(options.folder, 'bake.json');
    const metadata = join(options.folder, 'metadata.json');
    await writeFile(definition, bakeText(bakeDefinition(left, settings, builder.kind)));
    const args = ['--file', definition, '--metadata-file', metadata, '--progress', 'plain'];
    const baked = await runCommand('docker', ['buildx', 'bake', ...builder.flags, ...args], {
      env: {
        ...options.env,
        ...(settings.cache === 'gha' && cacheAccess(process.env)),
        BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
        SOURCE_DATE_EPOCH: String(settings.createdAt),
      },
      cwd: settings.root,
    });
    if (baked.ok) {
      return { ...(await readDigests(metadata, left, names)), failures };
    }
    const failure = readBuildFailure(baked.output, await readTargets(left, names, settings.root));
    const failed = left[names.indexOf(failure.target ?? '')];
    const dropped = failed === undefined ? left : [failed];
    failures.push(...dropped.map((image) => ({ image, failure })));
    left = failed === undefined ? [] : left.filter(({ app }) => app !== failed.app);
  }
  return { digests: new Map(), failures };
}

async function readDigests(
  file: string,
  images: readonly PlannedImage[],
  names: readonly string[],
): Promise<Pick<BuildResult, 'digests' | 'layers'>> {
  const metadata = v.parse(metadataSchema, JSON.parse(await readFile(file, 'utf8')));
  const by = (read: (of: v.InferOutput<typeof metadataSchema>[string] | undefined) => string | undefined) =>
    new Map(
      images.flatMap(({ repository }, index): [string, string][] => {
        const found = read(metadata[names[index] ?? '']);
        return found === undefined ? [] : [[repository, found]];
      }),
    );
  return {
    digests: by((target) => target?.['containerimage.digest']),
    layers: by((target) => digestIn(target?.['cache.manifest'])),
  };
}

function digestIn(descriptor: unknown): string | undefined {
  const text = typeof descriptor === 'string' ? descriptor : (JSON.stringify(descriptor) ?? '');
  return /"digest":\s*"(sha256:[0-9a-f]{64})"/.exec(text)?.[1];
}

async function readTargets(
  images: readonly PlannedImage[],
  names: readonly string[],
  root: string,
): Promise<BuiltTarget[]> {
  return Promise.all(
    images.map(async ({ file }, index) => ({
      name: names[index] ?? '',
      file,
      dockerfile: await readFile(join(root, file), 'utf8').catch(() => ''),
    })),
  );
}
