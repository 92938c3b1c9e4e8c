import { booleanInput, choiceInput, durationInput, textInput } from '../../../../runtime/inputs.js';
import { parseVersionSource } from '../../../../runtime/version-source.js';
import type { ProbeSettings } from './preview-probes.js';
import type { WaitSettings } from './wait-until-live.js';

/**
 * Reads the inputs on waiting that both actions on previews have: `wait`, `timeout`, `poll-interval`, `notifications` and
 * those on probes.
 *
 * @returns `undefined` where `wait` is not true
 * @throws Error naming the input that is malformed
 */
export function readWaitInputs(): (WaitSettings & ProbeSettings) | undefined {
  if (!booleanInput('wait', false)) {
    return undefined;
  }
  const notifications = choiceInput('notifications', ['auto', 'true', 'false'], 'auto');
  const path = textInput('probe-path') ?? '/';
  const probeVersion = textInput('probe-version');
  if (!path.startsWith('/') || path.startsWith('//')) {
    throw new Error(`Input "probe-path" is "${path}", expected a path that begins with one "/".`);
  }
  return {
    timeoutMs: durationInput('timeout', '10m'),
    pollMs: durationInput('poll-interval', '5s'),
    notifications: notifications === 'auto' ? undefined : notifications === 'true',
    path,
    statuses: withName('probe-status', () => parseStatuses(textInput('probe-status') ?? '200')),
    version: probeVersion === undefined ? undefined : withName('probe-version', () => parseVersionSource(probeVersion)),
  };
}

function parseStatuses(text: string): number[] {
  return text.split(',').map((part) => {
    const status = part.trim();
    if (!/^[1-5]\d\d$/.test(status)) {
      throw new Error(`expected HTTP statuses such as 200 or 200,401, found ${JSON.stringify(text)}.`);
    }
    return Number(status);
  });
}

/** @throws Error with the name of the input in front of what the work throws */
function withName<T>(input: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`Input "${input}": ${error instanceof Error ? error.message : String(error)}`);
  }
}
