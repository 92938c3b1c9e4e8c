import { existsSync } from 'node:fs';

const USUAL = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * Finds the machine's Chromium or Chrome: from `CHROMIUM`, or where it is usually installed.
 *
 * @throws Error saying where a browser is looked for
 */
export function browserPath(): string {
  const found = [process.env.CHROMIUM ?? '', ...USUAL].find((path) => path !== '' && existsSync(path));
  if (found === undefined) {
    throw new Error(
      `No browser found at ${USUAL.join(', ')}. Install chromium, or say where one is with CHROMIUM=<path>.`,
    );
  }
  return found;
}
