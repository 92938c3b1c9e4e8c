/** A duration in configuration files: `30m`, `2h`, `3d`, `1w`, or several parts, `1d12h`. */
export const DURATION = /^(?=\d)(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;

const SECOND = 1000;
/** Milliseconds of each part of `DURATION`, in its order. */
const UNITS = [7 * 24 * 3600 * SECOND, 24 * 3600 * SECOND, 3600 * SECOND, 60 * SECOND, SECOND];

/**
 * Reads a duration.
 *
 * @returns milliseconds
 * @throws Error when the text is no duration
 */
export function parseDuration(text: string): number {
  const match = DURATION.exec(text);
  if (match === null) {
    throw new Error(`expected a duration such as 30m, 2h or 3d, found ${JSON.stringify(text)}.`);
  }
  return UNITS.reduce((sum, unit, index) => sum + unit * Number(match[index + 1] ?? 0), 0);
}

const NAMES = [
  ['d', 24 * 3600 * SECOND],
  ['h', 3600 * SECOND],
  ['m', 60 * SECOND],
  ['s', SECOND],
] as const;

/** Milliseconds as a duration of one part, the largest that says all: `90s`, `2h`, `3d`; less than a second is rounded. */
export function durationOf(ms: number): string {
  const [name, size] = NAMES.find(([, each]) => ms >= each && ms % each === 0) ?? ['s', SECOND];
  return `${Math.round(ms / size)}${name}`;
}
