import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Seed } from './github/git/seed.js';
import type { LocalGitHub } from './github/github.js';
import { startGitHub } from './github/start.js';
import { type Delays, noDelays } from './github/world/delays.js';
import { type Limits, noLimits } from './github/world/limits.js';
import { startRegistry } from './registry/registry.js';

export type { Seed } from './github/git/seed.js';
export type { LocalGitHub, LocalRepository, RepositoryOptions } from './github/github.js';
export type { Fault } from './github/http/faults.js';
export type { Exchange, RequestRecord } from './github/http/record.js';
export { type Delays, seededDelays } from './github/world/delays.js';
export { githubLimits } from './github/world/limits.js';
export type { GitHubEvent } from './github/world/world.js';

export interface StageOptions {
  /** Folder of the repositories; a new temporary folder, removed on close, by default. */
  stateDir?: string;
  /** First repositories by full name. */
  repositories?: Record<string, Seed>;
  /** Milliseconds that every request to GitHub waits before it is served; 0 by default. */
  latencyMs?: number;
  /** File that gets one JSON line per request to GitHub. */
  logFile?: string;
  /** Port of GitHub; a free one by default. */
  port?: number;
  /** How many answers say that it is not known yet whether a pull request can merge; 0 by default. */
  unknownMergeabilityAnswers?: number;
  /** How long GitHub takes for what it does after a push, such as `seededDelays(1)`; no time by default. */
  delays?: Partial<Delays>;
  /** GitHub's limits of points and of content; counted and not kept by default. */
  limits?: Limits;
  /** The clock: every time that GitHub writes comes from it. The machine's own by default. */
  now?: () => Date;
}

/** GitHub and a registry on this machine. */
export interface Stage extends AsyncDisposable {
  apiUrl: string;
  graphqlUrl: string;
  serverUrl: string;
  /** `127.0.0.1:PORT` of the OCI registry. */
  registry: string;
  /** A token of `octocat` that may do everything. */
  token: string;
  /** Folder of all repositories. */
  stateDir: string;
  github: LocalGitHub;
  close(): Promise<void>;
}

/**
 * Starts a local GitHub and a registry on loopback ports.
 *
 * @returns the running stage; `close` ends its servers and git processes, and removes a temporary `stateDir`
 * @throws Error when git is missing or too old, the port is taken, or a first repository cannot be made
 */
export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), 'ostack-stage-')));
  await mkdir(stateDir, { recursive: true });
  const {
    github,
    serverUrl,
    close: closeGitHub,
  } = await startGitHub({
    stateDir,
    latencyMs: options.latencyMs ?? 0,
    logFile: options.logFile,
    port: options.port ?? 0,
    unknownMergeabilityAnswers: options.unknownMergeabilityAnswers ?? 0,
    delays: { ...noDelays, ...options.delays },
    limits: options.limits ?? noLimits,
    now: options.now ?? (() => new Date()),
  });
  const registry = await startRegistry({ folder: join(stateDir, 'registry') });
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= (async () => {
      await Promise.all([closeGitHub(), registry.close()]);
      if (options.stateDir === undefined) {
        await rm(stateDir, { recursive: true, force: true });
      }
    })();
    return closing;
  };
  try {
    for (const [name, seed] of Object.entries(options.repositories ?? {})) {
      await github.createRepository(name, seed);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    apiUrl: `${serverUrl}/api/v3`,
    graphqlUrl: `${serverUrl}/api/graphql`,
    serverUrl,
    registry: registry.address,
    token: github.issueToken({ actor: 'octocat' }),
    stateDir,
    github,
    close,
    [Symbol.asyncDispose]: close,
  };
}
