import { CLUSTERS } from './cluster-repositories.js';
import { NESTED } from './nested-repositories.js';
import type { Repository } from './repository.js';
import { TAGS } from './tag-repositories.js';
import { USUAL } from './usual-repositories.js';
import { VALUES } from './values-repositories.js';

/**
 * Small ops repositories, one for each shape that is known without a configuration file. In each of them staging runs web
 * 1.1.0 and production web 1.0.0; where there is an app api beside it, it is 5.1.0 and 5.0.0.
 */
export const REPOSITORIES: readonly Repository[] = [...USUAL, ...NESTED, ...CLUSTERS, ...VALUES, ...TAGS];
