import { createHash } from 'node:crypto';
import type { PreviewRecord } from '../../../preview-records/record.js';
import { toYaml } from '../../../yaml/to-yaml.js';

/** Prefix of our labels and annotations. */
const OURS = 'preview.ostack.dev';

/** The labels of what a preview consists of; every value fits one: at most 63 letters, digits, ".", "_" and "-". */
export function labelsOf({ name, repository, pullRequest, run }: PreviewRecord): Record<string, string> {
  return {
    'app.kubernetes.io/managed-by': 'ostack',
    [`${OURS}/name`]: name,
    [`${OURS}/repository`]: labelValue(repository.replace('/', '.')),
    ...(pullRequest === undefined ? {} : { [`${OURS}/pull-request`]: String(pullRequest.number) }),
    ...(run === undefined ? {} : { [`${OURS}/run`]: run }),
  };
}

/**
 * The annotations: what does not fit a label. A pull request's title and author are not among them: what anybody may
 * write has no place in what a cluster applies, where Flux may put variables in for `${…}`.
 */
export function annotationsOf({ repository, pullRequest, head, expiresAt }: PreviewRecord): Record<string, string> {
  return {
    [`${OURS}/repository`]: repository,
    ...(pullRequest === undefined ? {} : { [`${OURS}/pull-request`]: `${repository}#${pullRequest.number}` }),
    [`${OURS}/head`]: head,
    [`${OURS}/expires`]: expiresAt,
  };
}

/**
 * The namespace of a preview.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export function namespaceOf(record: PreviewRecord): string {
  return toYaml({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: record.name, labels: labelsOf(record), annotations: annotationsOf(record) },
  });
}

function labelValue(text: string): string {
  if (/^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/.test(text)) {
    return text;
  }
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return `${text
    .replace(/[^A-Za-z0-9._-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 54)}-${hash}`;
}
