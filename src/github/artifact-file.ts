import { type UnzipFileInfo, unzipSync } from 'fflate';
import { readBody } from '../images/bounded-body.js';
import { digestOf } from '../images/digest.js';
import { type Connected, nameOf } from './connected.js';

/** An artifact as GitHub lists it. */
export interface ListedArtifact {
  id: number;
  /** Bytes of its archive. */
  size_in_bytes: number;
  /** Of its archive, `sha256:` and 64 hex digits; missing for artifacts from before GitHub kept them. */
  digest?: string | null | undefined;
}

/**
 * Reads the one file of an artifact. Anybody may have made it: it is read only as far as the limit, unpacked only where that
 * is all there is in it, and compared with the digest that GitHub has of it.
 *
 * @param file its path in the artifact
 * @param limit bytes that it may have, packed and unpacked
 * @throws Error saying what of it is not as expected, or a failed request; the token needs `actions: read`
 * @see https://docs.github.com/rest/actions/artifacts#download-an-artifact
 */
export async function readArtifactFile(
  repository: Connected,
  artifact: ListedArtifact,
  file: string,
  limit: number,
): Promise<string> {
  const name = `The artifact ${artifact.id} of ${nameOf(repository)}`;
  if (artifact.size_in_bytes > limit) {
    throw new Error(`${name} has ${artifact.size_in_bytes} bytes, more than the ${limit} that are read of it.`);
  }
  const archive = await readArchive(repository, artifact.id, name, limit);
  const digest = digestOf(archive);
  if (digest !== artifact.digest) {
    throw new Error(`${name} was read as ${digest}, and GitHub says that it is ${artifact.digest ?? 'not known'}.`);
  }
  return unpackFile(archive, file, limit, name);
}

/** The archive, from the address to which GitHub leads: a store of its own, which gets no token. */
async function readArchive(
  { github, repository: { owner, name: repo } }: Connected,
  id: number,
  name: string,
  limit: number,
): Promise<Buffer> {
  const answer = await github.octokit.request(
    'GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}',
    {
      ...{ owner, repo, artifact_id: id, archive_format: 'zip' },
      request: { redirect: 'manual' },
    },
  );
  const { location } = answer.headers;
  if (location === undefined) {
    throw new Error(`${name} cannot be read: GitHub led to no address of it.`);
  }
  const content = await fetch(location, { signal: AbortSignal.timeout(30_000) });
  if (!content.ok) {
    throw new Error(`${name} cannot be read: its store answers ${content.status}.`);
  }
  // Headers of the archive come on top of what is in it.
  return readBody(content, limit + 4096);
}

/**
 * Unpacks an archive of one file.
 *
 * @param name what it is, for messages
 * @throws Error where it is damaged, or has another file, a further one, or more bytes than `limit`
 */
export function unpackFile(archive: Buffer, file: string, limit: number, name: string): string {
  const found: UnzipFileInfo[] = [];
  let content: Uint8Array | undefined;
  try {
    content = unzipSync(archive, {
      filter(each) {
        found.push(each);
        // An archive may claim to have four thousand million files.
        if (found.length > 1) {
          throw new Error('it has several files in it');
        }
        return each.name === file && each.originalSize <= limit;
      },
    })[file];
  } catch (error) {
    throw new Error(`${name} is no archive of ${file}: ${error instanceof Error ? error.message : String(error)}.`);
  }
  if (content === undefined) {
    const [other] = found;
    const seen =
      other === undefined ? 'nothing' : `${JSON.stringify(other.name.slice(0, 100))} of ${other.originalSize} bytes`;
    throw new Error(`${name} has ${seen} in it, expected ${file} of at most ${limit} bytes.`);
  }
  return Buffer.from(content).toString('utf8');
}
