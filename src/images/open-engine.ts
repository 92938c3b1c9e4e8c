import { openBuildah } from './buildah.js';
import { openBuildx } from './buildx.js';
import type { BuildEngine, EngineOptions } from './engine.js';

/**
 * Opens the build engine of this machine.
 *
 * @param preferred `auto` takes docker with buildx, else buildah
 * @throws Error with the reason why none can be used
 */
export async function openEngine(
  preferred: 'auto' | 'buildx' | 'buildah',
  options: EngineOptions,
): Promise<BuildEngine> {
  const problems: string[] = [];
  for (const [name, open] of [
    ['buildx', openBuildx],
    ['buildah', openBuildah],
  ] as const) {
    if (preferred !== 'auto' && preferred !== name) {
      continue;
    }
    const engine = await open(options);
    if (!('reason' in engine)) {
      return { ...engine, baseDigest: onceEach(engine.baseDigest) };
    }
    problems.push(`${name}: ${engine.reason}`);
  }
  throw new Error(
    `No build engine works here (${problems.join('; ')}). Use a runner with docker and buildx and a running daemon, or with buildah.`,
  );
}

/** Caches digests of base images, which images of one repository often share. */
function onceEach(ask: BuildEngine['baseDigest']): BuildEngine['baseDigest'] {
  const asked = new Map<string, Promise<string>>();
  return (name) => {
    const answer = asked.get(name) ?? ask(name);
    asked.set(name, answer);
    return answer;
  };
}
