import { imagePlaces } from './dockerfile.js';
import { parseReference, repositoryOf } from './reference.js';

/** An image by its digest alone, which no registry can give another meaning. */
export function pinnedName(name: string, digest: string): string {
  return `${repositoryOf(parseReference(name))}@${digest}`;
}

/**
 * Base images as BuildKit's named contexts: what a Dockerfile calls by that name is the image of that digest, in `FROM`,
 * `COPY --from` and `--mount`. BuildKit looks names up in their short form, without `:latest`.
 *
 * @param pins digests by the name in the Dockerfile
 * @see https://docs.docker.com/build/bake/contexts/
 */
export function namedContexts(pins: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(pins)
      .filter(([name]) => parseReference(name).digest === undefined)
      .map(([name, digest]) => [shortName(name), `docker-image://${pinnedName(name, digest)}`]),
  );
}

/** `docker.io/library/node:latest` as `node`. @see https://pkg.go.dev/github.com/distribution/reference#FamiliarString */
function shortName(name: string): string {
  const { registry, path, tag } = parseReference(name);
  const repository = registry === 'docker.io' ? path.replace(/^library\/(?=[^/]+$)/, '') : `${registry}/${path}`;
  return tag === undefined || tag === 'latest' ? repository : `${repository}:${tag}`;
}

/**
 * A Dockerfile whose base images are named by their digests, with every line where it was. For engines that have no named
 * contexts, or do not look for them everywhere: buildah does not where the name comes from an argument.
 *
 * @param args build arguments
 * @param pins digests by name
 */
export function pinnedDockerfile(
  text: string,
  args: Record<string, string>,
  pins: Readonly<Record<string, string>>,
): string {
  const lines = text.split('\n');
  for (const { name = '', range } of imagePlaces(text, args).reverse()) {
    const { start, end } = range;
    const digest = Object.hasOwn(pins, name) ? pins[name] : undefined;
    const line = lines[start.line];
    if (digest !== undefined && line !== undefined && start.line === end.line) {
      lines[start.line] = line.slice(0, start.character) + pinnedName(name, digest) + line.slice(end.character);
    }
  }
  return lines.join('\n');
}
