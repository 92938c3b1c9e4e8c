/** One request of the distribution API, by what it is about. */
export type Route =
  | { kind: 'root' }
  | { kind: 'token' }
  | { kind: 'catalog' }
  | { kind: 'tags'; repository: string }
  | { kind: 'referrers'; repository: string; digest: string }
  | { kind: 'manifest'; repository: string; reference: string }
  | { kind: 'blob'; repository: string; digest: string }
  | { kind: 'uploads'; repository: string }
  | { kind: 'upload'; repository: string; id: string };

const NAME = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*';
const TAG = '[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}';
const DIGEST = 'sha256:[0-9a-f]{64}';

const pattern = (tail: string) => new RegExp(`^/v2/(?<name>${NAME})${tail}$`);
const TAGS = pattern('/tags/list');
const REFERRERS = pattern(`/referrers/(?<item>${DIGEST})`);
const MANIFEST = pattern(`/manifests/(?<item>${TAG}|${DIGEST})`);
const BLOB = pattern(`/blobs/(?<item>${DIGEST})`);
const UPLOADS = pattern('/blobs/uploads/?');
const UPLOAD = pattern('/blobs/uploads/(?<item>[0-9a-f-]{36})');

/** Whether the text is a repository name of the specification, for example `acme/web`. */
export function isRepositoryName(text: string): boolean {
  return new RegExp(`^${NAME}$`).test(text);
}

/**
 * Reads the path of a request.
 *
 * @param path without query, for example `/v2/acme/web/manifests/1.4.0`
 * @returns `undefined` where the distribution specification knows no such path
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#endpoints
 */
export function readRoute(path: string): Route | undefined {
  if (path === '/v2' || path === '/v2/') {
    return { kind: 'root' };
  }
  if (path === '/token') {
    return { kind: 'token' };
  }
  if (path === '/v2/_catalog') {
    return { kind: 'catalog' };
  }
  const match = (expression: RegExp) => {
    const groups = expression.exec(path)?.groups;
    return groups && { repository: groups.name ?? '', item: groups.item ?? '' };
  };
  const tags = match(TAGS);
  if (tags !== undefined) {
    return { kind: 'tags', repository: tags.repository };
  }
  const referrers = match(REFERRERS);
  if (referrers !== undefined) {
    return { kind: 'referrers', repository: referrers.repository, digest: referrers.item };
  }
  const uploads = match(UPLOADS);
  if (uploads !== undefined) {
    return { kind: 'uploads', repository: uploads.repository };
  }
  const upload = match(UPLOAD);
  if (upload !== undefined) {
    return { kind: 'upload', repository: upload.repository, id: upload.item };
  }
  const blob = match(BLOB);
  if (blob !== undefined) {
    return { kind: 'blob', repository: blob.repository, digest: blob.item };
  }
  const manifest = match(MANIFEST);
  return manifest && { kind: 'manifest', repository: manifest.repository, reference: manifest.item };
}
