import { createHash } from 'node:crypto';

/** The digest of a content as registries and GitHub write it: `sha256:` and 64 hex digits. */
export function digestOf(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
