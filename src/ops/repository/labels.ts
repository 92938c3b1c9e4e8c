import * as v from 'valibot';
import type { RepositoryReader } from '../../github/repository-reader.js';

/** A label that a pull request is to have; without an id where the repository does not have it yet. */
export interface Label {
  name: string;
  id: string | undefined;
}

/** A label by its name, with its id where the repository has it. */
export async function findLabel(reader: RepositoryReader, name: string): Promise<Label> {
  const label = await reader.load({
    text: (bind) => `label(name: ${bind('String!', name)}) { id }`,
    schema: v.nullable(v.object({ id: v.string() })),
  });
  return { name, id: label?.id };
}
