import { HIDDEN, type Redactor } from './redactor.js';

/**
 * JSON without secrets, and still JSON: each text and number, and each name, for itself.
 *
 * @param json parsed
 */
export function redactedJson(json: unknown, redactor: Redactor): unknown {
  if (typeof json === 'string') {
    return redactor.redact(json);
  }
  if (typeof json === 'number') {
    return redactor.redact(String(json)) === String(json) ? json : HIDDEN;
  }
  if (Array.isArray(json)) {
    return json.map((each) => redactedJson(each, redactor));
  }
  if (typeof json === 'object' && json !== null) {
    return Object.fromEntries(
      Object.entries(json).map(([name, each]) => [redactor.redact(name), redactedJson(each, redactor)]),
    );
  }
  return json;
}
