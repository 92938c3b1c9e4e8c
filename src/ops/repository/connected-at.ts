import type { Connected } from '../../github/connected.js';
import type { Place } from '../policy/places.js';

/** The connection to where a place is. @param ops the one to the repository of the policy */
export function connectedAt(ops: Connected, { repository }: Pick<Place, 'repository'>): Connected {
  const [owner = '', name = ''] = repository?.split('/') ?? [];
  return repository === undefined ? ops : { ...ops, repository: { owner, name } };
}
