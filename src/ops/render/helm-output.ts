import { yamlDocuments } from '../../config/yaml-documents.js';

/** Most lines that are moved: nobody writes so many. */
const MOST_MOVED = 100;

/** Mistakes that are none to Go's reader: what is in brackets or quotes goes on at an indentation that ends it for ours. */
const TOO_FAR_LEFT = /must be sufficiently indented and end with|^Missing closing ["']quote/;

/**
 * Reads what helm printed, with lines moved where the reader does not take it as it is.
 *
 * @throws what `read` throws of the moved lines
 */
export function readHelmOutput<T>(manifest: string, read: (text: string) => T): T {
  try {
    return read(manifest);
  } catch {
    return read(withDeeperLines(manifest));
  }
}

/**
 * Within brackets and quotes, Go's reader of YAML pays no heed to indentation, and ours does: lines that it takes for the end are moved
 * to the right until it does not. Where that leads to no end, or to another document, the text stays as it is.
 */
function withDeeperLines(text: string): string {
  let moved = text;
  for (let count = 0; count <= MOST_MOVED; count += 1) {
    const problem = yamlDocuments(moved, { schema: 'failsafe' })
      .documents.flatMap(({ errors }) => errors)
      .find(({ code }) => code !== 'DUPLICATE_KEY');
    if (problem === undefined) {
      return moved;
    }
    const at = problem.pos[0] + moved.slice(problem.pos[0]).search(/\S/);
    if (at < problem.pos[0] || !TOO_FAR_LEFT.test(problem.message) || /^(---|\.\.\.)/.test(moved.slice(at, at + 3))) {
      return text;
    }
    moved = `${moved.slice(0, at)}${' '.repeat(40)}${moved.slice(at)}`;
  }
  return text;
}
