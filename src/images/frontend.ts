/** The argument by which BuildKit is told another frontend than the Dockerfile names. */
export const FRONTEND_ARGUMENT = 'BUILDKIT_SYNTAX';

/** An image that reads the Dockerfile instead of the builder's own reader. */
export interface Frontend {
  /** The image. */
  name: string;
  /** What follows its name, with the space before it. */
  rest: string;
}

/**
 * The frontend that a Dockerfile asks for by `# syntax=`, or an argument of the build. Only BuildKit looks at it.
 *
 * @see https://docs.docker.com/reference/dockerfile/#syntax
 */
export function frontendOf(text: string, args: Record<string, string> = {}): Frontend | undefined {
  const written = Object.hasOwn(args, FRONTEND_ARGUMENT) ? args[FRONTEND_ARGUMENT] : directive(text, 'syntax');
  const [, name, rest = ''] = /^(\S+)(.*)$/s.exec(written?.trim() ?? '') ?? [];
  return name === undefined ? undefined : { name, rest };
}

/** Whether a frontend is one of Docker's, which all read the same language. */
export function readsDockerfiles({ name }: Frontend): boolean {
  return /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]|$)/.test(name);
}

/** A parser directive: such lines stand at the top, and the first other line ends them. */
function directive(text: string, wanted: string): string | undefined {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (const line of lines[0]?.startsWith('#!') ? lines.slice(1) : lines) {
    const [, key, value] = /^#\s*([A-Za-z][A-Za-z0-9]*)\s*=(.*)$/.exec(line) ?? [];
    if (key === undefined) {
      return undefined;
    }
    if (key.toLowerCase() === wanted) {
      return value?.trim();
    }
  }
  return undefined;
}
