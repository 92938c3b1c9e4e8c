import { type MapValue, textAt, type YamlValue } from '../../yaml/values.js';
import { mapsIn } from '../deployed-folder.js';
import { valueAt } from '../fields.js';

/** What a generator of an ApplicationSet fills into its template, for one Application, by the name of the parameter. */
export type Parameters = ReadonlyMap<string, string>;

/** Applications that are looked at of one ApplicationSet at most: each is only a few texts. */
export const MOST_APPLICATIONS = 300;

/**
 * The parameters of each Application that generators make, as far as the object says them: the elements of a list, the
 * folders of a git repository as a pattern with `*`, and what a matrix makes of both. A generator that asks something
 * else, such as which clusters there are, makes one Application of which nothing is known; so does what is more than are looked at.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators/
 */
export function parametersOf(generators: YamlValue | undefined): Parameters[] {
  const all = mapsIn(generators).flatMap(ofGenerator);
  return all.length > MOST_APPLICATIONS ? [...all.slice(0, MOST_APPLICATIONS), new Map()] : all;
}

function ofGenerator(generator: MapValue): Parameters[] {
  const list = valueAt(generator, ['list', 'elements']);
  const folders = valueAt(generator, ['git', 'directories']);
  const matrix = mapsIn(valueAt(generator, ['matrix', 'generators']));
  if (list !== undefined) {
    return mapsIn(list).map((element) => new Map(textsBelow(element, '')));
  }
  if (folders !== undefined) {
    return mapsIn(folders)
      .filter((folder) => textAt(folder, 'exclude') !== 'true')
      .map((folder) => pathParameters(textAt(folder, 'path') ?? ''));
  }
  if (matrix.length > 0) {
    return matrix
      .map(ofGenerator)
      .reduce((all, next) =>
        all.flatMap((one) => next.map((other) => new Map([...one, ...other]))).slice(0, MOST_APPLICATIONS + 1),
      );
  }
  return [new Map()];
}

/** What a git generator says of a folder, in both syntaxes of templates. */
function pathParameters(path: string): Parameters {
  const segments = path.split('/');
  const basename = segments.at(-1) ?? '';
  return new Map([
    ...[['path', path] as const, ['path.path', path] as const, ['path.basename', basename] as const],
    ...segments.map((segment, index) => [`path[${index}]`, segment] as const),
    ...segments.map((segment, index) => [`index .path.segments ${index}`, segment] as const),
  ]);
}

function textsBelow(value: YamlValue, above: string): [string, string][] {
  if (value.kind !== 'map') {
    return value.kind === 'text' ? [[above, value.text]] : [];
  }
  return [...value.entries].flatMap(([key, inner]) => textsBelow(inner, above === '' ? key : `${above}.${key}`));
}

/**
 * A text of a template with its parameters filled in.
 *
 * @param unknown what stands for a parameter that is not known; by default it stays as written
 */
export function filledIn(text: string, parameters: Parameters, unknown?: string): string {
  return text.replace(/\{\{([^{}]{1,100})\}\}/g, (written, inside: string) => {
    const name = inside.trim().replace(/^\./, '');
    return parameters.get(name) ?? unknown ?? written;
  });
}
