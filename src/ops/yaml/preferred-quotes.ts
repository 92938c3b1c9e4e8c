import { type Document, visit } from 'yaml';

/** The quotes that a document uses more often; double quotes where it uses none or both equally. */
export function preferredQuotes(document: Document.Parsed): 'single' | 'double' {
  let balance = 0;
  visit(document, {
    Scalar: (_, node) => {
      balance += node.type === 'QUOTE_SINGLE' ? 1 : node.type === 'QUOTE_DOUBLE' ? -1 : 0;
    },
  });
  return balance > 0 ? 'single' : 'double';
}
