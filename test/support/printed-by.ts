/** What is printed to the log while something is done, and what that gives. */
export async function printedBy<T>(body: () => T | Promise<T>): Promise<{ printed: string; value: T }> {
  const { write } = process.stdout;
  let printed = '';
  process.stdout.write = (chunk: string | Uint8Array, encoding?: unknown, written: unknown = encoding) => {
    printed += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    // Streams wait for this before they go on.
    if (typeof written === 'function') {
      process.nextTick(written);
    }
    return true;
  };
  try {
    const value = await body();
    return { printed, value };
  } finally {
    process.stdout.write = write;
  }
}
