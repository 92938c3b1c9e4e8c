import { type Document, isCollection, LineCounter, type ParsedNode, parseAllDocuments, visit } from 'yaml';
import { yamlProblem } from '../../config/yaml-problem.js';

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
    const error = document.errors[0] ?? (text.includes('*') ? aliasOfItself(document) : undefined);
    if (error !== undefined) {
      const { line, col } = lines.linePos(error.pos[0]);
      throw new InvalidYaml(
        `${file}:${line}:${col}: not valid YAML: ${yamlProblem(error.message).replace(/\.?$/, '.')} ` +
          'Correct that line and run again; nothing was changed.',
      );
    }
  }
  return { text, file, documents, lineAt: (offset) => lines.linePos(offset).line };
}

/** The first alias of a collection that it stands in itself, which nobody could ever read to its end. */
function aliasOfItself(document: Document.Parsed<ParsedNode>): { pos: [number]; message: string } | undefined {
  let found: { pos: [number]; message: string } | undefined;
  visit(document, {
    Alias(_key, alias, path) {
      const around = path.find((node) => isCollection(node) && node.anchor === alias.source);
      if (around !== undefined && alias.resolve(document) === around) {
        found = {
          pos: [alias.range?.[0] ?? 0],
          message: `the alias *${alias.source} stands in what it is an alias of`,
        };
        return visit.BREAK;
      }
      return undefined;
    },
  });
  return found;
}
