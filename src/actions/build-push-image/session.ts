import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLogin } from '../../images/find-login.js';
import { type LoginFolder, makeLoginFolder } from '../../images/login.js';
import type { PlannedImage } from '../../images/plan.js';
import { parseReference } from '../../images/reference.js';
import { RegistryClient } from '../../images/registry.js';
import type { Inputs } from './inputs.js';

/** Resources of one run: a private folder with the login, and what has to be closed at the end. */
export interface Session {
  folder: string;
  /**
   * Logs in to the registry of an image.
   *
   * @param tokenServices hosts that the registry may send the login to beside its own
   * @throws RegistryFailure when the login does not work
   */
  logIn(
    image: PlannedImage,
    inputs: Inputs,
    tokenServices: readonly string[],
  ): Promise<{ registry: RegistryClient; login: LoginFolder }>;
  /** The secrets as variables with made-up names, and what the engine calls them. */
  secretEnvironment(secrets: Record<string, string>): {
    env: Record<string, string>;
    secrets: { id: string; variable: string }[];
  };
  /** Called on close, before the folder is removed. */
  onClose(end: () => Promise<void>): void;
  close(): Promise<void>;
}

/** Opens a session. Its folder is removed by `close`, and also when the run is cancelled. */
export async function openSession(): Promise<Session> {
  const folder = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-build-'));
  const ends: (() => Promise<void>)[] = [];
  const cancel = () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(130);
  };
  process.once('SIGINT', cancel);
  process.once('SIGTERM', cancel);
  return {
    folder,
    logIn: (image, inputs, tokenServices) => logIn(folder, image, inputs, tokenServices),
    secretEnvironment(secrets) {
      const named = Object.entries(secrets).map(([id, value], index) => ({
        id,
        value,
        variable: `OSTACK_SECRET_${index}`,
      }));
      return {
        env: Object.fromEntries(named.map(({ variable, value }) => [variable, value])),
        secrets: named.map(({ id, variable }) => ({ id, variable })),
      };
    },
    onClose(end) {
      ends.push(end);
    },
    async close() {
      process.off('SIGINT', cancel);
      process.off('SIGTERM', cancel);
      for (const end of ends) {
        await end();
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Logs in; with a password the login is tested before anything is built. */
async function logIn(
  folder: string,
  image: PlannedImage,
  inputs: Inputs,
  tokenServices: readonly string[],
): Promise<{ registry: RegistryClient; login: LoginFolder }> {
  const { registry, path } = parseReference(image.repository);
  const { given, known } = await findLogin(registry, inputs);
  const client = new RegistryClient({ registry, credentials: given ?? known, tokenServices });
  if (given !== undefined && inputs.push && !inputs.dryRun) {
    await client.checkLogin(path);
  }
  return { registry: client, login: await makeLoginFolder(folder, registry, given) };
}
