import { type MapValue, textAt } from '../../yaml/values.js';
import { hasShape, mapAt, namespaceOf } from '../fields.js';
import { APPLICATION } from './shape.js';

/** What the Applications of a cluster have in common. */
export interface ApplicationConventions {
  /** Address of the repository that they deploy; `undefined` where the first of them names none. */
  repositoryUrl: string | undefined;
  targetRevision: string;
  project: string;
  /** Where the Applications themselves are. */
  namespace: string;
  destination: { server: string } | { name: string };
}

/** What Argo CD's own documentation has, for a cluster without an Application. */
export const DEFAULT_CONVENTIONS: ApplicationConventions = {
  repositoryUrl: undefined,
  targetRevision: 'HEAD',
  project: 'default',
  namespace: 'argocd',
  destination: { server: 'https://kubernetes.default.svc' },
};

/** The conventions of a cluster as its first Application has them; `undefined` where there is none. */
export function conventionsOf(objects: readonly MapValue[]): ApplicationConventions | undefined {
  const application = objects.find((object) => hasShape(object, APPLICATION));
  if (application === undefined) {
    return undefined;
  }
  const textIn = (key: string, ...field: string[]) => {
    const map = mapAt(application, ...field);
    return map && textAt(map, key);
  };
  const name = textIn('name', 'spec', 'destination');
  const server = textIn('server', 'spec', 'destination');
  return {
    repositoryUrl: textIn('repoURL', 'spec', 'source'),
    targetRevision: textIn('targetRevision', 'spec', 'source') ?? DEFAULT_CONVENTIONS.targetRevision,
    project: textIn('project', 'spec') ?? DEFAULT_CONVENTIONS.project,
    namespace: namespaceOf(application) ?? DEFAULT_CONVENTIONS.namespace,
    destination: server !== undefined ? { server } : name !== undefined ? { name } : DEFAULT_CONVENTIONS.destination,
  };
}
