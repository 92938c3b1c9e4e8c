import { readHelmOutput } from '../../ops/render/helm-output.js';
import { readValues } from '../values.js';
import { type ManifestObject, objectsIn } from './objects.js';

/**
 * Reads the objects that helm printed, which is YAML as Go reads it: charts in use have keys twice in a mapping, of which helm and
 * clusters take the last, and lists and texts in brackets and quotes that go on at the indentation of their key.
 *
 * @param from the chart, for messages
 * @param note is told of keys that are there twice
 * @throws Error with the template and the line of what it makes, where that is no Kubernetes object
 */
export function readChartObjects(manifest: string, from: string, note: (text: string) => void): ManifestObject[] {
  const onRepeated = (at: string) => note(`${at}: a key is there twice, and the last one counts, as it does for helm.`);
  const placeOf = templatePlaces(manifest, from);
  const objects = readHelmOutput(manifest, (text) => objectsIn(readValues(text, placeOf, onRepeated), from));
  return objects.map((object) => ({ ...object, from: object.value.at }));
}

/** By which helm says what made a document. */
const SOURCE = '# Source: ';

/** The place of each line in what helm printed: its template, and the line of what that makes. */
function templatePlaces(manifest: string, from: string): (line: number) => string {
  const made: { source: string; start: number }[] = [];
  let last = { source: '', start: 0 };
  for (const [index, line] of manifest.split('\n').entries()) {
    if (line.startsWith(SOURCE)) {
      last = { source: line.slice(SOURCE.length).trim(), start: index + 1 };
    }
    made.push(last);
  }
  return (line) => {
    const { source, start } = made[line - 1] ?? last;
    return source === '' ? `${from}:${line}` : `${from} (line ${line - start} of what ${source} makes)`;
  };
}
