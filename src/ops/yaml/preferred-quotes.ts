import { type Document, visit } from 'yaml';

/** The quotes a document uses more often; double ones where it uses none. */
export function preferredQuotes(document: Document.Parsed): 'single' | 'double' {
  let balance = 0;
  visit(document, {
    Scalar: (_, node) => {
      balance += node.type === 'QUOTE_SINGLE' ? 1 : node.type === 'QUOTE_DOUBLE' ? -1 : 0;
    },
  });
  return balance > 0 ? 'single' : 'double';
}
