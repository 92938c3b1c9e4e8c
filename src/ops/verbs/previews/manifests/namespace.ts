import { createHash } from 'node:crypto';
import type { PodSecurity } from '../../../policy/preview-policy.js';
import type { PreviewRecord } from '../../../preview-records/record.js';
import { PREVIEW_LABEL } from '../../../reconcilers/preview-ground.js';
import { toYaml } from '../../../yaml/to-yaml.js';

/** Prefix of oStack's labels and annotations on previews. */
const OURS = 'preview.ostack.dev';

/**
 * The labels on a preview's objects. Every value is at most 63 letters, digits, ".", "_" and "-"; a repository's name that
 * is longer is cut and gets a hash.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export function labelsOf({ name, repository, pullRequest, run }: PreviewRecord): Record<string, string> {
  return {
    'app.kubernetes.io/managed-by': 'ostack',
    [PREVIEW_LABEL]: name,
    [`${OURS}/repository`]: labelValue(repository.replace('/', '.')),
    ...(pullRequest === undefined ? {} : { [`${OURS}/pull-request`]: String(pullRequest.number) }),
    ...(run === undefined ? {} : { [`${OURS}/run`]: run }),
  };
}

/**
 * The annotations on a preview's objects, for values that do not fit a label. A pull request's title and author are not
 * among them: anybody may write these, and Flux replaces variables such as `${NAME}` in what it applies.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 */
export function annotationsOf({ repository, pullRequest, head, expiresAt }: PreviewRecord): Record<string, string> {
  return {
    [`${OURS}/repository`]: repository,
    ...(pullRequest === undefined ? {} : { [`${OURS}/pull-request`]: `${repository}#${pullRequest.number}` }),
    [`${OURS}/head`]: head,
    [`${OURS}/expires`]: expiresAt,
  };
}

/** By this label of a namespace the cluster knows which pods may be there. */
export const SECURITY_LABEL = 'pod-security.kubernetes.io/enforce';

/**
 * The manifest of a preview's namespace, YAML.
 *
 * @param level of Pod Security; `undefined` for a namespace that was made without one
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
export function namespaceOf(record: PreviewRecord, level: PodSecurity | undefined): string {
  const security = level === undefined ? {} : { [SECURITY_LABEL]: level };
  return toYaml({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: record.name, labels: { ...labelsOf(record), ...security }, annotations: annotationsOf(record) },
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
