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

/** One step of a path as people write it: a key, `[0]`, or a key in quotes. */
const STEP = /\.?([^.[\]"'\s]+)|\[(\d{1,9})\]|\[("(?:[^"\\\n]|\\.)*")\]/y;

/**
 * Reads a path as people write it: `spec.containers[0].image`, `data["web.tag"]`.
 *
 * @returns `undefined` where it is none
 */
export function readPath(text: string): (string | number)[] | undefined {
  const path: (string | number)[] = [];
  let at = 0;
  while (at < text.length) {
    STEP.lastIndex = at;
    const [step, key, index, quoted] = STEP.exec(text) ?? [];
    if (step === undefined || (key !== undefined && at > 0 !== step.startsWith('.'))) {
      return undefined;
    }
    const name = quoted === undefined ? key : unquoted(quoted);
    if (name === undefined && index === undefined) {
      return undefined;
    }
    path.push(name ?? Number(index));
    at += step.length;
  }
  return path.length === 0 ? undefined : path;
}

function unquoted(text: string): string | undefined {
  try {
    return String(JSON.parse(text));
  } catch {
    return undefined;
  }
}
