import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';

/** User and password of a registry. */
export interface Credentials {
  username: string;
  password: string;
}

const authSchema = v.looseObject({
  auth: v.optional(v.string()),
  username: v.optional(v.string()),
  password: v.optional(v.string()),
});

/** The login settings in docker's `config.json`. The rest of the file is kept. */
export const dockerConfigSchema = v.looseObject({
  auths: v.optional(v.record(v.string(), authSchema)),
  credHelpers: v.optional(v.record(v.string(), v.string())),
  credsStore: v.optional(v.string()),
});

export type DockerConfig = v.InferOutput<typeof dockerConfigSchema>;

/** The folder of docker's configuration. */
export function dockerConfigFolder(env: NodeJS.ProcessEnv): string {
  return env.DOCKER_CONFIG ?? join(env.HOME ?? '', '.docker');
}

/**
 * Reads docker's configuration.
 *
 * @param folder as `dockerConfigFolder` gives it
 * @returns an empty configuration when the file does not exist
 * @throws Error naming the file when it is not what docker writes
 */
export async function readDockerConfig(folder: string): Promise<DockerConfig> {
  const file = join(folder, 'config.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return {};
  }
  try {
    return v.parse(dockerConfigSchema, JSON.parse(text));
  } catch (error) {
    throw new Error(`${file} is not a docker configuration: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Logins that the machine already has for a registry (`docker login` in an earlier step). Credential helpers are not
 * called: they are programs, which the engine calls itself.
 *
 * @param registry as people write it, for example `docker.io`
 */
export function findCredentials(config: DockerConfig, registry: string): Credentials | undefined {
  for (const key of authKeys(registry)) {
    const entry = config.auths?.[key];
    const decoded = Buffer.from(entry?.auth ?? '', 'base64').toString('utf8');
    const colon = decoded.indexOf(':');
    if (colon > 0) {
      return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
    }
    if (entry?.username !== undefined && entry.password !== undefined) {
      return { username: entry.username, password: entry.password };
    }
  }
  return undefined;
}

/**
 * A configuration that also logs in to one registry. A credential helper of that registry is switched off, because
 * docker would ask it instead; an empty name does that, and a store for all registries then stays for the others.
 */
export function withCredentials(config: DockerConfig, registry: string, login: Credentials): DockerConfig {
  const auth = Buffer.from(`${login.username}:${login.password}`).toString('base64');
  const key = authKeys(registry)[0] ?? registry;
  const helped = config.credsStore !== undefined || config.credHelpers?.[key] !== undefined;
  return {
    ...config,
    auths: { ...config.auths, [key]: { auth } },
    ...(helped && { credHelpers: { ...config.credHelpers, [key]: '' } }),
  };
}

/**
 * Keys of a registry in the configuration, docker's own first. Docker Hub's is an old URL.
 *
 * @see https://docs.docker.com/reference/cli/docker/login/#credential-stores
 */
function authKeys(registry: string): string[] {
  return registry === 'docker.io'
    ? ['https://index.docker.io/v1/', 'docker.io', 'index.docker.io']
    : [registry, `https://${registry}`, `https://${registry}/v2/`];
}
