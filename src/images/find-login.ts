import * as core from '@actions/core';
import { type Credentials, dockerConfigFolder, findCredentials, readDockerConfig } from './credentials.js';
import { defaultPassword, loginFor } from './login.js';

/** Inputs for the login. */
export interface GivenLogin {
  username: string | undefined;
  password: string | undefined;
  /** GitHub's token, which its own registry takes. */
  token: string;
}

/** The logins for a registry. */
export interface FoundLogin {
  /** From the inputs, or GitHub's own for its own registry. Masked in the log. */
  given: Credentials | undefined;
  /** Of an earlier `docker login` on this machine. */
  known: Credentials | undefined;
}

/**
 * Finds the login for a registry: that of the inputs, the machine's own, or GitHub's token for GitHub's registry.
 *
 * @throws Error when a user is needed and not given
 */
export async function findLogin(registry: string, { username, password, token }: GivenLogin): Promise<FoundLogin> {
  const known = findCredentials(await readDockerConfig(dockerConfigFolder(process.env)), registry);
  const secret = password ?? (known === undefined ? defaultPassword(registry, token) : undefined);
  const given = loginFor(registry, { username, password: secret, actor: process.env.GITHUB_ACTOR ?? '' });
  if (given !== undefined) {
    core.setSecret(Buffer.from(`${given.username}:${given.password}`).toString('base64'));
  }
  return { given, known };
}
