import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The command that builds kustomizations on this machine. */
export interface Kustomize {
  command: 'kustomize' | 'kubectl';
  /** The arguments before the folder. */
  args: readonly string[];
}

/** For messages: that there is no kustomize. */
export const NO_KUSTOMIZE =
  'there is neither kustomize nor kubectl on the PATH, so nothing could be built. GitHub’s ubuntu runners have both';

/** Kustomize did not build a folder. */
export class BuildFailure extends Error {
  constructor(
    readonly folder: string,
    /** The message of kustomize, on one line. */
    readonly reason: string,
  ) {
    super(`${folder} does not build: ${reason}`);
  }
}

/** Environment variables that a build may see. Tokens and inputs of actions are not among them. */
const ENVIRONMENT =
  /^(PATH|HOME|TMPDIR|TEMP|TMP|USERPROFILE|SYSTEMROOT|SSL_CERT_(FILE|DIR)|SSH_AUTH_SOCK|XDG_CONFIG_HOME|(https?|no|all)_proxy)$/i;

/** How many milliseconds a build may take, in which it also fetches remote bases. */
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

/** Whether a command is on a PATH, by default the one of this process. */
export async function isOnPath(command: string, path = process.env.PATH ?? ''): Promise<boolean> {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
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
 * Builds a folder on disk. Plugins and Helm are off, kustomize opens no files outside of the folders of its
 * kustomizations, and the process has no token in its environment.
 *
 * @param root absolute path that `folder` is relative to
 * @param isOffline whether it may fetch nothing, from wherever it would
 * @returns the output of kustomize, YAML documents
 * @throws BuildFailure with the message of kustomize
 */
export async function buildFolder(
  kustomize: Kustomize,
  root: string,
  folder: string,
  isOffline = false,
): Promise<string> {
  try {
    const { stdout } = await run(kustomize.command, [...kustomize.args, join(root, folder)], {
      ...{ env: environment(isOffline), timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES, cwd: root },
    });
    return stdout;
  } catch (error) {
    throw new BuildFailure(folder, reasonOf(error, root));
  }
}

/** A port that nobody listens on. */
const NOWHERE = 'http://127.0.0.1:9';

function environment(isOffline: boolean): Record<string, string> {
  const passed = Object.entries(process.env).filter(
    ([name]) => ENVIRONMENT.test(name) && !(isOffline && /proxy$/i.test(name)),
  );
  return {
    ...Object.fromEntries(passed.map(([name, value]) => [name, value ?? ''])),
    // Git fetches remote bases, and must not wait for a password.
    GIT_TERMINAL_PROMPT: '0',
    // Kustomize passes `?ref=--upload-pack=…` to git as an option, which git would run for a repository on this machine.
    GIT_ALLOW_PROTOCOL: isOffline ? 'none' : 'https:http:ssh:git',
    ...(isOffline && { HTTPS_PROXY: NOWHERE, HTTP_PROXY: NOWHERE }),
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

/** The log line in which kubectl wraps the message of a failed command. */
const LOGGED = /^E\d{4} [\d:.]+ +\d+ \S+\] "command failed" err="(.*)"$/;

/** The part of a message for each kustomization that leads to the one with the mistake. */
const RECURSION_PREFIX =
  /^accumulating resources: accumulation err='accumulating resources from '[^']*': '[^']*' must resolve to a file': recursed accumulation of path '[^']*': /;

/** The part of a message for a file that kustomize then tried to build as a folder. */
const NO_FOLDER =
  /^accumulating resources: accumulation err='(.*)': must build at directory: '[^']*': file is not directory$/;

/** The message of kustomize without the kustomizations that lead to the mistake. */
export function plainReason(text: string): string {
  let reason = text.replace(/^error: /i, '');
  const [, logged] = LOGGED.exec(reason) ?? [];
  reason = logged === undefined ? reason : logged.replace(/\\(["\\])/g, '$1');
  while (RECURSION_PREFIX.test(reason)) {
    reason = reason.replace(RECURSION_PREFIX, '');
  }
  return NO_FOLDER.exec(reason)?.[1] ?? reason;
}
