/** One entry of a git tree. `mode` is octal text as git stores it: `100644`, `100755`, `40000`, `120000`, `160000`. */
export interface TreeEntry {
  mode: string;
  name: string;
  oid: string;
}

/** Finds one entry in a tree's bytes, without reading the others. */
export function findEntry(content: Buffer, name: string): TreeEntry | undefined {
  const wanted = Buffer.from(name);
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(32, at);
    const end = content.indexOf(0, space);
    if (end - space - 1 === wanted.length && content.compare(wanted, 0, wanted.length, space + 1, end) === 0) {
      const oid = content.toString('hex', end + 1, end + 21);
      return { mode: content.toString('latin1', at, space), name, oid };
    }
    at = end + 21;
  }
  return undefined;
}
