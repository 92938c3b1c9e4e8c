import { registryKind } from './registry-kinds.js';

/**
 * The advice about what an engine says of an image that it could not push, or of a base image that it could not pull.
 *
 * @param repository the image: whose access it is where the words name none, `ghcr.io/acme/web`
 * @returns `undefined` where access was not denied, and nothing is missing
 */
export function deniedIn(words: string, repository: string): string | undefined {
  if (/\bname unknown\b|does not exist in the registry|\/blobs\/uploads\/: 404 Not Found/i.test(words)) {
    return missingAdvice(repository);
  }
  if (!/\b(denied:|403 Forbidden|insufficient_scope|installation not allowed)/i.test(words)) {
    return undefined;
  }
  const named = /\bghcr\.io\/(?!v2\/|token)[a-z0-9][a-z0-9._/-]{0,200}/.exec(words)?.[0] ?? repository;
  const slash = named.indexOf('/');
  return deniedAdvice(named.slice(0, slash), named.slice(slash + 1).replace(/(?<![./-])[./-]+$/, ''), words);
}

/** What to do about a repository that is not there and that the registry does not make by itself on a push. */
function missingAdvice(repository: string): string | undefined {
  const slash = repository.indexOf('/');
  const [host, path] = [repository.slice(0, slash), repository.slice(slash + 1)];
  return registryKind(host).makesNone === true && host !== 'public.ecr.aws'
    ? `The registry makes no repository by itself: run "aws ecr create-repository --repository-name ${path}" once, or give it a ` +
        'repository creation template that is applied to creation on push.'
    : undefined;
}

/**
 * The likely causes of a denied access, and what to do about each.
 *
 * GitHub's registry says "denied" of a package that belongs to no repository, of one that another repository made, of a
 * private one that is read, and where a job lacks the permission. It never says which.
 *
 * @param registry host, as in image names
 * @param path name of the repository in the registry: `acme/web`
 * @param words what it said
 * @see https://docs.github.com/packages/learn-github-packages/configuring-a-packages-access-control-and-visibility
 */
export function deniedAdvice(registry: string, path: string, words: string): string {
  if (registry !== 'ghcr.io') {
    return 'The login works, but may not do this: check what the token is allowed to do in this registry.';
  }
  const [owner = '', ...names] = path.split('/');
  if (/not allowed to create/i.test(words)) {
    return (
      `The organisation ${owner} does not let workflows create packages. Its owners allow it under Settings, Packages, or a ` +
      `person pushes ${names.join('/')} once and adds this repository to it.`
    );
  }
  const settings = `https://github.com/orgs/${owner}/packages/container/${encodeURIComponent(names.join('/'))}/settings`;
  return (
    'Either the job lacks "packages: write" under "permissions:" (and its caller, where it is a reusable workflow), or the ' +
    `package is there and not linked to this repository, because a person or another repository pushed it first: on ${settings} ` +
    '(of a person\'s own account, with users instead of orgs) add this repository under "Manage Actions access" with the role Write. A package that is only read and private takes the ' +
    'role Read there, or the visibility Internal or Public.'
  );
}
