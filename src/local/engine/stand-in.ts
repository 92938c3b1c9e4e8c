/**
 * The stand-in build engine: the command `docker` on machines without a build engine. It understands only the calls of
 * `build-push-image`. Its images have one layer, the build context; it pushes them over HTTP, so tags, digests, logins
 * and failures of pushes are real.
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type BakeTarget, readBakeText } from '../../images/bake.js';
import { buildImage } from './build-image.js';
import { BuildProblem } from './problem.js';
import { pushImage } from './push-image.js';
import { writeLayout } from './write-layout.js';

const ANNOUNCEMENT =
  'ostack stand-in engine: no build engine on this machine. Each image is one layer, the build context; no instruction is run.';

/** Metadata of each target, as `--metadata-file` has it. */
type Metadata = Record<string, Record<string, unknown>>;

async function main(args: string[]): Promise<void> {
  const command = args.slice(0, 2).join(' ');
  if (command === 'buildx bake') {
    await bake(args.slice(2));
  } else if (command === 'buildx imagetools' && args[2] === 'inspect') {
    process.stdout.write(`${JSON.stringify({ digest: baseDigest(args.at(-1) ?? '') })}\n`);
  } else {
    throw new Error(`the stand-in engine does not know "docker ${args.join(' ')}". Install docker with buildx for it.`);
  }
}

/** A made-up digest of a base image, derived from its name: offline, no registry can be asked. */
function baseDigest(name: string): string {
  return `sha256:${createHash('sha256').update(name).digest('hex')}`;
}

async function bake(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { file: { type: 'string' }, 'metadata-file': { type: 'string' }, progress: { type: 'string' } },
  });
  if (values.file === undefined || values['metadata-file'] === undefined) {
    throw new Error('the stand-in engine needs --file and --metadata-file.');
  }
  const definition = readBakeText(await readFile(values.file, 'utf8'));
  const names = positionals.length === 0 ? definition.group.default.targets : positionals;
  process.stderr.write(`${ANNOUNCEMENT}\n`);
  const metadata: Metadata = {};
  for (const name of names) {
    const target = definition.target[name];
    if (target === undefined) {
      throw new Error(`failed to find target ${name}`);
    }
    metadata[name] = await bakeTarget(name, target);
  }
  await writeFile(values['metadata-file'], JSON.stringify(metadata, null, 2));
}

async function bakeTarget(name: string, target: BakeTarget): Promise<Record<string, unknown>> {
  for (const secret of target.secret) {
    const variable = /(?:^|,)env=([^,]+)/.exec(secret)?.[1];
    if (variable !== undefined && process.env[variable] === undefined) {
      throw new BuildProblem(`failed to solve: secret ${secret}: environment variable ${variable} is not set`);
    }
  }
  process.stderr.write(`#1 [${name}] ${target.context} with ${target.dockerfile}\n`);
  const image = await buildImage(name, target);
  const { digest, mediaType, content } = image.manifest;
  const [folder] = target.output.flatMap((output) => /^type=oci,tar=false,.*,dest=(.+)$/.exec(output)?.[1] ?? []);
  if (folder !== undefined) {
    await writeLayout(image, folder, target.tags[0] ?? name);
    process.stderr.write(`#1 [${name}] wrote ${folder}\n`);
  }
  if (target.output.some((output) => /^type=image,.*\bpush=/.test(output))) {
    await pushImage(image, target.tags, process.env);
    process.stderr.write(target.tags.map((tag) => `#1 [${name}] pushed ${tag}@${digest}\n`).join(''));
  }
  return {
    'containerimage.digest': digest,
    'containerimage.descriptor': { mediaType, digest, size: content.length },
    'image.name': target.tags.join(','),
  };
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof BuildProblem && error.excerpt !== '') {
    process.stderr.write(`${error.excerpt}\n`);
  }
  process.stderr.write(`ERROR: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
