import * as v from 'valibot';
import type { RepositoryReader } from '../../github/repository-reader.js';
import type { Label } from '../pull-requests/work.js';

/** A label by its name, with its id where the repository has it. */
export async function findLabel(reader: RepositoryReader, name: string): Promise<Label> {
  const label = await reader.load({
    text: (bind) => `label(name: ${bind('String!', name)}) { id }`,
    schema: v.nullable(v.object({ id: v.string() })),
  });
  return { name, id: label?.id };
}
