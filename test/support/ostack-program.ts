import { join } from 'node:path';

/** A type only, for Jest: whatever starts the program depends on all that is in the bundle. */
export type Bundled = typeof import('../../src/main.js');

/** The program that npm runs from the published tree, as it was built. */
export const ostackProgram = join(import.meta.dirname, '..', '..', 'dist', 'ostack.js');
