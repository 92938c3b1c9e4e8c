import { type Document, isCollection, type ParsedNode, visit } from 'yaml';
import { yamlDocuments } from '../../config/yaml-documents.js';
import { yamlProblem } from '../../config/yaml-problem.js';
import { aliasTarget } from './alias-target.js';
import { FileError } from './file-error.js';

export const BYTE_ORDER_MARK = '\uFEFF';

/** A parsed YAML file, whose nodes know their position in the text. */
export interface YamlFile {
  /** The text without a byte order mark. All offsets are in this text. */
  text: string;
  /** Path in its repository, for messages. */
  file: string;
  documents: Document.Parsed<ParsedNode>[];
  /** Line of an offset, from 1. */
  lineAt(offset: number): number;
}

/**
 * The files parsed last. Finding versions, following references and editing a file all parse the same text, and a
 * kustomization of many apps takes long to parse. Nothing modifies a parsed file, so it can be shared.
 */
const recent = new Map<string, YamlFile>();
const RECENT = 32;

/** A file is not valid YAML. A class of its own, because a file that could not be fetched is another matter. */
export class InvalidYaml extends FileError {}

/**
 * Parses all documents of a file, and keeps what is needed to edit the file in place.
 *
 * @param file path of the file, for messages
 * @throws InvalidYaml with file, line and column of the first mistake, and what the parser expected
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
  // The parser counts a byte order mark as a column, and would find the lines of a list unequally indented.
  const text = content.startsWith(BYTE_ORDER_MARK) ? content.slice(1) : content;
  const { documents, lines } = yamlDocuments(text, { keepSourceTokens: true });
  for (const document of documents) {
    const error = document.errors[0] ?? (text.includes('*') ? aliasOfItself(document) : undefined);
    if (error !== undefined) {
      const { line, col } = lines.linePos(error.pos[0]);
      const isTooMuch = 'code' in error && error.code === 'RESOURCE_EXHAUSTION';
      const todo = isTooMuch ? 'Split the file, or write it flatter,' : 'Correct that line';
      throw new InvalidYaml(
        `${file}:${line}:${col}: not valid YAML: ${yamlProblem(error.message).replace(/\.?$/, '.')} ` +
          `${todo} and run again; nothing was changed.`,
        file,
        line,
      );
    }
  }
  return { text, file, documents, lineAt: (offset) => lines.linePos(offset).line };
}

/** The first alias that is inside the collection it refers to: reading that would never end. */
function aliasOfItself(document: Document.Parsed<ParsedNode>): { pos: [number]; message: string } | undefined {
  let found: { pos: [number]; message: string } | undefined;
  visit(document, {
    Alias(_key, alias, path) {
      const around = path.find((node) => isCollection(node) && node.anchor === alias.source);
      if (around !== undefined && aliasTarget(document, alias) === around) {
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
