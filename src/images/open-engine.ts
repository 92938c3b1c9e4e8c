import { openBuildah } from './buildah.js';
import { openBuildx } from './buildx.js';
import type { BuildEngine, EngineOptions } from './engine.js';

/**
 * Opens the build engine of this machine.
 *
 * @param wanted `auto` takes docker with buildx, else buildah
 * @throws Error saying why none can be used
 */
export async function openEngine(wanted: 'auto' | 'buildx' | 'buildah', options: EngineOptions): Promise<BuildEngine> {
  const problems: string[] = [];
  for (const [name, open] of [
    ['buildx', openBuildx],
    ['buildah', openBuildah],
  ] as const) {
    if (wanted !== 'auto' && wanted !== name) {
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

/** Asks once for each base image: images of one repository often share theirs. */
function onceEach(ask: BuildEngine['baseDigest']): BuildEngine['baseDigest'] {
  const asked = new Map<string, Promise<string>>();
  return (name) => {
    const answer = asked.get(name) ?? ask(name);
    asked.set(name, answer);
    return answer;
  };
}
