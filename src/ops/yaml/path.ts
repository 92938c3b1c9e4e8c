/** Steps into YAML text that a scalar holds (an inline patch, a `values: |` block) and takes that document of it. */
export interface NestedDocument {
  yaml: number;
}

/** One step of a path: a mapping's key, a sequence's index (from 0), or a step into a scalar that holds YAML. */
export type PathSegment = string | number | NestedDocument;

/** Where a value stands in one document, from its root. */
export type YamlPath = readonly PathSegment[];

/** Writes a path as people read it: `spec.containers[0].image`, `patches[0].patch » spec.replicas`. */
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
