import type { Mutation } from '../../github/mutations.js';

/** Mutations that go along with the first document, each with what is said where it fails. */
export interface Alongside {
  mutation: Omit<Mutation, 'alias'>;
  otherwise: string;
}
