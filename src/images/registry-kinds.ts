/** How a registry wants to be logged in to, where the inputs alone do not tell. Another one is an entry in `KINDS`. */
export interface RegistryKind {
  /** @param registry host and port, as in image names */
  matches(registry: string): boolean;
  /** The user whatever the input says; `undefined` to take the input. @param password what it is logged in with */
  user?(password: string): string;
  /** Whether it takes whoever started the run where no user is given. */
  takesActor?: boolean;
  /** Whether the run's own token is its password where none is given: it is sent to no other registry. */
  takesRunToken?: boolean;
  /** Whether a repository has to be made before the first push to it. */
  makesNone?: boolean;
  /** Whether names have two parts and no more, `acme/web`. */
  isFlat?: boolean;
}

/** @see https://docs.github.com/packages/working-with-a-github-packages-registry/working-with-the-container-registry */
const github: RegistryKind = {
  matches: (registry) => registry === 'ghcr.io',
  takesActor: true,
  takesRunToken: true,
};

/**
 * The token is user and password.
 *
 * @see https://docs.digitalocean.com/products/container-registry/how-to/use-registry-docker-kubernetes/
 */
const digitalOcean: RegistryKind = {
  matches: (registry) => registry === 'registry.digitalocean.com',
  user: (password) => password,
};

/**
 * ECR and its public gallery have one user.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html
 */
const ecr: RegistryKind = {
  matches: (registry) =>
    registry === 'public.ecr.aws' || /^\d+\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/.test(registry),
  user: () => 'AWS',
  makesNone: true,
};

/** @see https://docs.docker.com/docker-hub/repos/create/ */
const dockerHub: RegistryKind = {
  matches: (registry) => registry === 'docker.io',
  isFlat: true,
};

const KINDS: readonly RegistryKind[] = [github, digitalOcean, ecr, dockerHub];

/** What takes user and password as they are given. */
const PLAIN: RegistryKind = { matches: () => true };

/** The kind of a registry. @param registry host and port, as in image names */
export function registryKind(registry: string): RegistryKind {
  return KINDS.find((kind) => kind.matches(registry)) ?? PLAIN;
}
