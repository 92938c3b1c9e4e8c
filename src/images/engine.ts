import { finished } from 'node:stream/promises';
import { getExecOutput } from '@actions/exec';
import { inertLogStream } from '../runtime/log.js';
import { withoutStep } from '../runtime/step-environment.js';
import type { BuildFailure } from './build-failure.js';
import type { BuildSettings, PlannedImage } from './plan.js';

/** Result of one session of builds. */
export interface BuildResult {
  /** Digests that the engine reports for pushed images, by repository. */
  digests: Map<string, string>;
  /** Digests of the layers that were kept for the next build, by repository. */
  layers?: ReadonlyMap<string, string>;
  /** What stands under the key of an image as another image, and could not be written again, by repository. */
  taken?: ReadonlyMap<string, string>;
  /** Images that did not build, with why. */
  failures: { image: PlannedImage; failure: BuildFailure }[];
}

/** Builds images and pushes them. */
export interface BuildEngine {
  name: 'buildx' | 'buildah';
  /** Builds images of one commit and pushes each under all its tags. */
  build(images: readonly PlannedImage[], settings: BuildSettings): Promise<BuildResult>;
  /**
   * The digest that a base image has now.
   *
   * @param name as in a Dockerfile
   * @throws Error when the registry does not answer with one
   */
  baseDigest(name: string): Promise<string>;
  /** Ends the builders and processes that the engine started. */
  close(): Promise<void>;
}

/** Options of every engine. */
export interface EngineOptions {
  /** Folder for definitions and results; the caller removes it. */
  folder: string;
  /** More environment for the engine: its logins, and the secrets. */
  env: Record<string, string>;
  /** The file of logins, `undefined` for the machine's own. */
  authFile: string | undefined;
  /**
   * Whether images are pushed to a registry of this machine, which a builder in a container reaches over the machine's own
   * network alone. Steps of a Dockerfile then reach whatever listens here, so no other build has it.
   */
  registryIsHere: boolean;
}

/** Result of one command of an engine. */
export interface CommandResult {
  ok: boolean;
  stdout: string;
  /** Both outputs as they came, for reading what went wrong. */
  output: string;
}

/**
 * Runs a command of an engine. Its output goes to the log, where no line of it can be a workflow command. It does not get
 * what belongs to the step as variables: one of its inputs is a password.
 *
 * @param quiet keeps its output out of the log
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  { env, cwd, quiet = false }: { env: Record<string, string>; cwd?: string; quiet?: boolean },
): Promise<CommandResult> {
  const log = inertLogStream();
  try {
    const { exitCode, stdout, stderr } = await getExecOutput(command, [...args], {
      env: { ...withoutStep(process.env), ...env },
      ...(cwd !== undefined && { cwd }),
      silent: quiet,
      outStream: log,
      ignoreReturnCode: true,
    });
    return { ok: exitCode === 0, stdout, output: `${stdout}\n${stderr}` };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const output = message.startsWith('Unable to locate executable file') ? `${command} is not installed` : message;
    return { ok: false, stdout: '', output };
  } finally {
    log.end();
    await finished(log);
  }
}

/** The last line of an output that is not blank. */
export function lastLine(output: string): string {
  return (
    output
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .at(-1) ?? 'no output'
  );
}
