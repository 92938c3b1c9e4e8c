import { parseTag } from '../git/commit.js';
import type { Created } from '../git/seed.js';

/**
 * What `git upload-pack` would answer to `ls-refs`, the second request of every clone and fetch.
 * Format: https://git-scm.com/docs/protocol-v2#_ls_refs
 *
 * @param body of the request, unzipped
 * @returns packet lines; `undefined` for any other request, and for arguments that are not known here
 */
export async function listRefs(repository: Created, body: Buffer): Promise<Buffer | undefined> {
  const [command, ...lines] = readLines(body);
  const wishes = lines.slice(lines.indexOf(DELIMITER) + 1);
  if (command !== 'command=ls-refs' || !lines.includes(DELIMITER) || !wishes.every((wish) => KNOWN.test(wish))) {
    return undefined;
  }
  const prefixes = wishes.filter((wish) => wish.startsWith('ref-prefix ')).map((wish) => wish.slice(11));
  const wanted = (name: string) => prefixes.length === 0 || prefixes.some((prefix) => name.startsWith(prefix));
  const answer: string[] = [];
  const refs = await repository.refs.list();
  const head = `refs/heads/${repository.defaultBranch}`;
  const tip = refs.get(head) ?? (wishes.includes('unborn') && wishes.includes('symrefs') ? 'unborn' : undefined);
  if (tip !== undefined && wanted('HEAD')) {
    answer.push(`${tip} HEAD${wishes.includes('symrefs') ? ` symref-target:${head}` : ''}\n`);
  }
  for (const [name, oid] of [...refs].filter(([each]) => wanted(each))) {
    const peeled = wishes.includes('peel') ? await peel(repository, oid) : oid;
    answer.push(`${oid} ${name}${peeled === oid ? '' : ` peeled:${peeled}`}\n`);
  }
  return Buffer.from(`${answer.map(packet).join('')}0000`);
}

const KNOWN = /^(?:peel|symrefs|unborn|ref-prefix .*)$/s;

/** Stands for the packet between a command's capabilities and its arguments. */
const DELIMITER = '\0';

/** Packet lines up to the first flush packet, without their newlines. */
function readLines(bytes: Buffer): string[] {
  const lines: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = Number.parseInt(bytes.toString('latin1', at, at + 4), 16);
    if (length === 1) {
      lines.push(DELIMITER);
    } else if (length >= 4) {
      lines.push(bytes.toString('utf8', at + 4, at + length).replace(/\n$/, ''));
    } else {
      break;
    }
    at += Math.max(length, 4);
  }
  return lines;
}

function packet(line: string): string {
  return `${(Buffer.byteLength(line) + 4).toString(16).padStart(4, '0')}${line}`;
}

/** What an annotated tag names at last. */
async function peel(repository: Created, oid: string): Promise<string> {
  const object = await repository.objects.read(oid);
  return object?.type === 'tag' ? peel(repository, parseTag(oid, object.content).object) : oid;
}
