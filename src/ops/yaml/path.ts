/** A step into the YAML inside a scalar (an inline patch, a `values: |` block): the index of the document there. */
export interface NestedDocument {
  yaml: number;
}

/** One step of a path: the key of a mapping, the index in a list (from 0), or a step into YAML inside a scalar. */
export type PathSegment = string | number | NestedDocument;

/** The path of a value in a document, from its root. */
export type YamlPath = readonly PathSegment[];

/** Writes a path for people: `spec.containers[0].image`, `patches[0].patch » spec.replicas`. */
export function formatPath(path: YamlPath): string {
  let text = '';
  for (const segment of path) {
    if (typeof segment === 'object') {
      text += ' » ';
    } else if (typeof segment === 'number') {
      text += `[${segment}]`;
    } else if (/^[\w$/-]+$/.test(segment)) {
      text += text === '' || text.endsWith(' ') ? segment : `.${segment}`;
    } else {
      text += `[${JSON.stringify(segment)}]`;
    }
  }
  return text === '' ? 'the document' : text;
}
