/**
 * Reads the body of an answer, which may be anybody's.
 *
 * @param limit bytes that it may have
 * @throws Error when it has more; the rest is not read
 */
export async function readBody(answer: Response, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) {
      throw new Error(
        `The answer of ${new URL(answer.url).host} has more than the ${limit} bytes that are read of it.`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
