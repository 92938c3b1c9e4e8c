import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How to build kustomizations on this machine. */
export interface Kustomize {
  command: 'kustomize' | 'kubectl';
  /** What comes before the folder. */
  args: readonly string[];
}

/** What to say where there is no kustomize. */
export const NO_KUSTOMIZE =
  'there is neither kustomize nor kubectl on the PATH, so nothing could be built. GitHub’s ubuntu runners have both';

/** A folder that kustomize did not build, in its own words. */
export class BuildFailure extends Error {
  constructor(
    readonly folder: string,
    /** What kustomize said, on one line. */
    readonly reason: string,
  ) {
    super(`${folder} does not build: ${reason}`);
  }
}

/** Variables that a build may see: no token, no input of an action. */
const ENVIRONMENT =
  /^(PATH|HOME|TMPDIR|TEMP|TMP|USERPROFILE|SYSTEMROOT|SSL_CERT_(FILE|DIR)|SSH_AUTH_SOCK|XDG_CONFIG_HOME|(https?|no|all)_proxy)$/i;

/** Milliseconds one build may take; bases of other repositories are fetched in it. */
const TIMEOUT_MS = 120_000;
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** `kustomize` where it is on the PATH, else `kubectl`, which has one built in; `undefined` where there is neither. */
export async function findKustomize(): Promise<Kustomize | undefined> {
  const candidates: Kustomize[] = [
    { command: 'kustomize', args: ['build'] },
    { command: 'kubectl', args: ['kustomize'] },
  ];
  for (const candidate of candidates) {
    if (await isOnPath(candidate.command)) {
      return candidate;
    }
  }
  return undefined;
}

async function isOnPath(command: string): Promise<boolean> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = await Promise.all(
    folders.map((folder) =>
      access(join(folder, command), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

/**
 * Builds a folder that is on disk. Plugins and Helm are off, files outside the folder's own kustomizations are not
 * opened, and the process sees no token.
 *
 * @param root absolute path that `folder` is relative to
 * @returns kustomize's output, YAML documents
 * @throws BuildFailure with kustomize's own words
 */
export async function buildFolder(kustomize: Kustomize, root: string, folder: string): Promise<string> {
  try {
    const { stdout } = await run(kustomize.command, [...kustomize.args, join(root, folder)], {
      ...{ env: environment(), timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES, cwd: root },
    });
    return stdout;
  } catch (error) {
    throw new BuildFailure(folder, reasonOf(error, root));
  }
}

function environment(): Record<string, string> {
  const passed = Object.entries(process.env).filter(([name]) => ENVIRONMENT.test(name));
  return {
    ...Object.fromEntries(passed.map(([name, value]) => [name, value ?? ''])),
    // Git fetches bases of other repositories; it must not wait for a password.
    GIT_TERMINAL_PROMPT: '0',
    // Kustomize hands `?ref=--upload-pack=…` on to git as an option, which git runs where the repository is on this machine.
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:git',
  };
}

function reasonOf(error: unknown, root: string): string {
  if (typeof error !== 'object' || error === null) {
    return String(error);
  }
  if ('killed' in error && error.killed === true) {
    return `it took more than ${TIMEOUT_MS / 1000} seconds`;
  }
  const said = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  const text = (said === '' ? String(error) : said).replaceAll(`${root}/`, '').replace(/\s+/g, ' ');
  return plainReason(text);
}

/** What kubectl puts around the message of a failed command. */
const LOGGED = /^E\d{4} [\d:.]+ +\d+ \S+\] "command failed" err="(.*)"$/;

/** One folder on the way to the one that is wrong. */
const RECURSION_PREFIX =
  /^accumulating resources: accumulation err='accumulating resources from '[^']*': '[^']*' must resolve to a file': recursed accumulation of path '[^']*': /;

/** A file that is no folder either, which kustomize tries too. */
const NO_FOLDER =
  /^accumulating resources: accumulation err='(.*)': must build at directory: '[^']*': file is not directory$/;

/** What kustomize says, without what it says about the way there. */
export function plainReason(text: string): string {
  let reason = text.replace(/^error: /i, '');
  const [, logged] = LOGGED.exec(reason) ?? [];
  reason = logged === undefined ? reason : logged.replace(/\\(["\\])/g, '$1');
  while (RECURSION_PREFIX.test(reason)) {
    reason = reason.replace(RECURSION_PREFIX, '');
  }
  return NO_FOLDER.exec(reason)?.[1] ?? reason;
}
