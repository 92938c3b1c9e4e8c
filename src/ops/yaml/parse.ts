import { type Document, LineCounter, type ParsedNode, parseAllDocuments } from 'yaml';

export const BYTE_ORDER_MARK = '\uFEFF';

/** A file of YAML documents, with every node's place in the source. */
export interface YamlFile {
  /** Without a byte order mark; offsets count from here. */
  text: string;
  /** For messages: the path in its repository. */
  file: string;
  documents: Document.Parsed<ParsedNode>[];
  /** Line of an offset, from 1. */
  lineAt(offset: number): number;
}

/**
 * Files parsed last: looking for versions, following references and changing a file all read the same text, and a
 * kustomization of many apps takes long to parse. Nothing changes a parsed file.
 */
const recent = new Map<string, YamlFile>();
const RECENT = 32;

/** A file that is no valid YAML, told from a file that could not be fetched. */
export class InvalidYaml extends Error {}

/**
 * Parses all documents of a file, keeping what is needed to change it in place.
 *
 * @throws InvalidYaml naming file, line and column of the first mistake, and what the parser expected
 */
export function parseYaml(content: string, file: string): YamlFile {
  const key = `${file}\0${content}`;
  const known = recent.get(key);
  if (known !== undefined) {
    return known;
  }
  const parsed = parse(content, file);
  const [oldest] = recent.keys();
  if (recent.size >= RECENT && oldest !== undefined) {
    recent.delete(oldest);
  }
  recent.set(key, parsed);
  return parsed;
}

function parse(content: string, file: string): YamlFile {
  // The parser takes a byte order mark for a column and then finds the lines of a list unequally indented.
  const text = content.startsWith(BYTE_ORDER_MARK) ? content.slice(1) : content;
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { keepSourceTokens: true, lineCounter: lines, prettyErrors: false });
  const documents = 'empty' in parsed ? [] : parsed;
  for (const document of documents) {
    const error = document.errors[0];
    if (error !== undefined) {
      const { line, col } = lines.linePos(error.pos[0]);
      throw new InvalidYaml(
        `${file}:${line}:${col}: not valid YAML: ${error.message.replace(/\.?$/, '.')} ` +
          'Correct that line and run again; nothing was changed.',
      );
    }
  }
  return { text, file, documents, lineAt: (offset) => lines.linePos(offset).line };
}
