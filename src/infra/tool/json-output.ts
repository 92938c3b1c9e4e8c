/**
 * The JSON that a command printed. The tool may print warnings of its own settings before it, and wrappers that set the tool up in
 * workflows print commands after it.
 *
 * @throws SyntaxError where there is none
 */
export function jsonIn(stdout: string): unknown {
  const start = stdout.startsWith('{') ? 0 : stdout.indexOf('\n{') + 1;
  const end = stdout.indexOf('\n', start);
  try {
    return JSON.parse(stdout.slice(start, end < 0 ? undefined : end));
  } catch {
    // `version` and `validate` print it over lines, the last of which is its brace.
    return JSON.parse(stdout.slice(start, stdout.indexOf('\n}', start) + 2));
  }
}

/** The same; `undefined` where there is none: an error would quote what was printed, which may have secrets in it. */
export function printedJson(stdout: string): unknown {
  try {
    return jsonIn(stdout) ?? undefined;
  } catch {
    return undefined;
  }
}
