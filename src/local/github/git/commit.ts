/** A person in a commit or tag. */
export interface Signature {
  name: string;
  email: string;
  date: Date;
  /** Minutes east of UTC. */
  offset: number;
}

export interface Commit {
  oid: string;
  tree: string;
  parents: string[];
  author: Signature;
  committer: Signature;
  message: string;
}

export interface Tag {
  oid: string;
  object: string;
  type: string;
  tag: string;
  tagger: Signature;
  message: string;
}

const nobody: Signature = { name: '', email: '', date: new Date(0), offset: 0 };

/** Reads a commit object's bytes. */
export function parseCommit(oid: string, content: Buffer): Commit {
  const { headers, message } = parseHeaders(content);
  return {
    oid,
    tree: first(headers, 'tree'),
    parents: headers.filter(([name]) => name === 'parent').map(([, value]) => value),
    author: parseSignature(first(headers, 'author')),
    committer: parseSignature(first(headers, 'committer')),
    message,
  };
}

/** The content of a commit object. The message is written as it is, without adding a line break. */
export function formatCommit(commit: Omit<Commit, 'oid'>): string {
  return [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${formatSignature(commit.author)}`,
    `committer ${formatSignature(commit.committer)}`,
    '',
    commit.message,
  ].join('\n');
}

/** Reads an annotated tag object's bytes. */
export function parseTag(oid: string, content: Buffer): Tag {
  const { headers, message } = parseHeaders(content);
  return {
    oid,
    object: first(headers, 'object'),
    type: first(headers, 'type'),
    tag: first(headers, 'tag'),
    tagger: parseSignature(first(headers, 'tagger')),
    message,
  };
}

/** Writes an annotated tag object's bytes. */
export function formatTag(tag: Omit<Tag, 'oid'>): string {
  return [
    `object ${tag.object}`,
    `type ${tag.type}`,
    `tag ${tag.tag}`,
    `tagger ${formatSignature(tag.tagger)}`,
    '',
    tag.message,
  ].join('\n');
}

function parseHeaders(content: Buffer): { headers: [string, string][]; message: string } {
  const text = content.toString('utf8');
  const end = text.indexOf('\n\n');
  const head = end < 0 ? text : text.slice(0, end);
  const headers: [string, string][] = [];
  for (const line of head.split('\n')) {
    const space = line.indexOf(' ');
    if (space > 0) {
      headers.push([line.slice(0, space), line.slice(space + 1)]);
    }
  }
  return { headers, message: end < 0 ? '' : text.slice(end + 2) };
}

function first(headers: [string, string][], name: string): string {
  return headers.find(([key]) => key === name)?.[1] ?? '';
}

function parseSignature(text: string): Signature {
  const match = /^(.*?) ?<([^>]*)> (\d+) ([+-])(\d\d)(\d\d)$/.exec(text);
  if (match === null) {
    return nobody;
  }
  const [, name = '', email = '', seconds, sign, hours, minutes] = match;
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  return { name, email, date: new Date(Number(seconds) * 1000), offset };
}

function formatSignature({ name, email, date, offset }: Signature): string {
  const clean = (text: string) => text.replace(/[<>\n\0]/g, '').trim();
  const away = Math.abs(offset);
  const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(away / 60))}${pad(away % 60)}`;
  return `${clean(name)} <${clean(email)}> ${Math.floor(date.getTime() / 1000)} ${zone}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
