import type { ObjectShape } from '../object-shape.js';

/**
 * An Argo CD Application.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#applications
 */
export const APPLICATION: ObjectShape = {
  apiGroup: 'argoproj.io',
  kind: 'Application',
  pathField: ['spec', 'source', 'path'],
  namespaceField: ['spec', 'destination', 'namespace'],
};

/**
 * What makes several Applications from one template.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/
 */
export const APPLICATION_SET: Pick<ObjectShape, 'apiGroup' | 'kind'> = {
  apiGroup: 'argoproj.io',
  kind: 'ApplicationSet',
};
