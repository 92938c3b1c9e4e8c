import { type Alias, type Document, isAlias, isNode, type Node, visit } from 'yaml';

/** What the aliases of a document stand for. Nothing modifies a parsed document, so it is read once. */
const known = new WeakMap<Document, Map<Alias, Node>>();

/**
 * What an alias stands for: the last node before it that has its anchor; `undefined` where none has. The library's
 * `alias.resolve` goes through the whole document for each alias.
 *
 * @see https://yaml.org/spec/1.2.2/#71-alias-nodes
 */
export function aliasTarget(document: Document, alias: Alias): Node | undefined {
  const targets = known.get(document) ?? targetsIn(document);
  known.set(document, targets);
  return targets.get(alias);
}

function targetsIn(document: Document): Map<Alias, Node> {
  const anchored = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node(_key, node) {
      if (isAlias(node)) {
        const target = anchored.get(node.source);
        if (target !== undefined) {
          targets.set(node, target);
        }
      } else if (isNode(node) && node.anchor !== undefined) {
        anchored.set(node.anchor, node);
      }
    },
  });
  return targets;
}
