import type { Server } from 'node:http';
import { demandGit } from './git/run.js';
import { LocalGitHub } from './github.js';
import { executeGraphql } from './graphql/execute.js';
import { Faults } from './http/faults.js';
import { writeHooks } from './http/git-push.js';
import { RequestLog } from './http/record.js';
import { ServerGate } from './http/request-gate.js';
import { createGitHubServer, type Extension } from './http/server.js';
import { Router } from './rest/router.js';
import { restRoutes } from './rest/routes.js';
import { mergeReadyPulls } from './world/auto-merge.js';
import type { Delays } from './world/delays.js';
import type { Limits } from './world/limits.js';
import { World } from './world/world.js';

export interface GitHubOptions {
  stateDir: string;
  latencyMs: number;
  logFile: string | undefined;
  port: number;
  now: () => Date;
  unknownMergeabilityAnswers: number;
  delays: Delays;
  limits: Limits;
}

export interface StartedGitHub {
  github: LocalGitHub;
  /** `http://127.0.0.1:PORT` */
  serverUrl: string;
  close(): Promise<void>;
}

/** Starts the local GitHub on a free loopback port. */
export async function startGitHub(options: GitHubOptions): Promise<StartedGitHub> {
  await demandGit();
  const gate = new ServerGate();
  const faults = new Faults();
  const log = new RequestLog(options.logFile);
  const extensions = new Map<string, Extension>();
  const server = createGitHubServer({
    world: () => world,
    router: new Router(restRoutes),
    graphql: (caller, body) => executeGraphql(world, caller, body),
    gate,
    faults,
    log,
    latencyMs: options.latencyMs,
    extensions,
  });
  const serverUrl = `http://127.0.0.1:${await listen(server, options.port)}`;
  const world = new World(serverUrl, options.now, options.unknownMergeabilityAnswers, options.delays, options.limits);
  world.afterChange = (repository) => mergeReadyPulls(world, repository);
  const hooksDir = await writeHooks(options.stateDir);
  const github = new LocalGitHub({
    world,
    stateDir: options.stateDir,
    hooksDir,
    gate,
    faults,
    log,
    extensions,
  });
  return {
    github,
    serverUrl,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await github.quiet();
      await Promise.all([...world.repositories.values()].map((repository) => repository.close()));
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
