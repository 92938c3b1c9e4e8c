import { type InfraFiles, isConfiguration } from '../../../src/infra/roots/module-tree.js';

/** Files of a commit; a value that begins with `->` is a link, and `§{` stands for the sign of an insertion. */
export function infraFiles(given: Record<string, string>): InfraFiles {
  const files = Object.fromEntries(Object.entries(given).map(([path, text]) => [path, text.replaceAll('§{', '${')]));
  const links = new Map(
    Object.entries(files).flatMap(([path, text]) => (text.startsWith('->') ? [[path, text.slice(2)]] : [])),
  );
  const texts = Object.keys(files).flatMap((path): [string, string][] => {
    const text = files[links.get(path) ?? path];
    return (isConfiguration(path) || /\.(?:tfbackend|conf)$/.test(path)) && text !== undefined ? [[path, text]] : [];
  });
  return { paths: Object.keys(files), links, texts: new Map(texts) };
}
