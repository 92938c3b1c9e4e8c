import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Credentials, dockerConfigFolder, readDockerConfig, withCredentials } from './credentials.js';
import { registryKind } from './registry-kinds.js';

/** Inputs for the login; for some registries a part of it has a default. */
export interface LoginInputs {
  username: string | undefined;
  password: string | undefined;
  /** Who started the run, a user of GitHub's registry. */
  actor: string;
}

/**
 * The login of a registry, from the inputs and from what is known of its kind.
 *
 * @param registry as in image names
 * @returns `undefined` when no password is given
 * @throws Error when a user is needed and not given
 */
export function loginFor(registry: string, { username, password, actor }: LoginInputs): Credentials | undefined {
  const { user, takesActor = false, takesRunToken = false } = registryKind(registry);
  if (password === undefined) {
    if (username !== undefined && !takesRunToken && username !== actor) {
      throw new Error(`Input "username" is given and "password" is not. ${registry} needs both, or neither.`);
    }
    return undefined;
  }
  const name = user?.(password) ?? username ?? (takesActor ? actor : '');
  if (name === '') {
    throw new Error(`Input "username" is missing: ${registry} needs it with "password".`);
  }
  return { username: name, password };
}

/** The password of a registry when no input gives one: the run's token for GitHub's own registry, and for no other. */
export function defaultPassword(registry: string, token: string): string | undefined {
  return registryKind(registry).takesRunToken === true && token !== '' ? token : undefined;
}

/** A login for engines, as a folder of configuration. */
export interface LoginFolder {
  /** What an engine's process needs in its environment. */
  env: Record<string, string>;
  /** The file of logins, for `--authfile`; `undefined` for the machine's own. */
  authFile: string | undefined;
  remove(): Promise<void>;
}

/**
 * Makes a docker configuration folder with the machine's logins and one more. The machine's own folder is not changed; its
 * plugins, builders and contexts can be used from the new one.
 *
 * @param folder where to make it
 */
export async function makeLoginFolder(
  folder: string,
  registry: string,
  login: Credentials | undefined,
  env: NodeJS.ProcessEnv = process.env,
): Promise<LoginFolder> {
  if (login === undefined) {
    return { env: {}, authFile: undefined, remove: async () => {} };
  }
  const own = dockerConfigFolder(env);
  const config = withCredentials(await readDockerConfig(own), registry, login);
  await mkdir(folder, { recursive: true });
  const made = await mkdtemp(join(folder, 'login-'));
  const authFile = join(made, 'config.json');
  await writeFile(authFile, JSON.stringify(config), { mode: 0o600 });
  for (const name of await readdir(own).catch(() => [])) {
    if (name === 'cli-plugins' || name === 'contexts') {
      await symlink(join(own, name), join(made, name));
    }
  }
  return {
    env: { DOCKER_CONFIG: made, BUILDX_CONFIG: env.BUILDX_CONFIG ?? join(own, 'buildx') },
    authFile,
    remove: () => rm(made, { recursive: true, force: true }),
  };
}
