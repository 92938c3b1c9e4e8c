import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { unzipSync } from 'fflate';
import * as v from 'valibot';

/** Which state a plan is of: serial 0 and no lineage where there is none yet. */
export interface StateVersion {
  serial: number;
  lineage: string;
}

/** What a saved plan has in it. */
export interface SavedPlan {
  state: StateVersion;
  /** Files of the language that an apply would use, by their path from the root's folder. */
  configuration: ReadonlyMap<string, string>;
  lockFile: string;
  /** Where it would write the state, as the bytes that say so. */
  backend: string;
  /** A hash over all that it has, but its time and an order that says nothing. */
  whole: string;
}

/** Most bytes of a file in a plan. */
const MOST_BYTES = 256 * 1024 * 1024;

const stateSchema = v.object({ serial: v.number(), lineage: v.string() });
const modulesSchema = v.array(v.object({ Key: v.string(), Dir: v.string() }));

/**
 * Reads a plan file of the tool: a zip of the plan, the state that it is of, the configuration and the lock file.
 *
 * @throws Error where it is none
 */
export function readSavedPlan(file: Uint8Array): SavedPlan {
  const wanted = (name: string) => /^(?:tfplan|tfstate(?:-prev)?|\.terraform\.lock\.hcl)$|^tfconfig\//.test(name);
  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(file, { filter: ({ name, originalSize }) => wanted(name) && originalSize <= MOST_BYTES });
  } catch (error) {
    throw new Error(`This is no saved plan: ${error instanceof Error ? error.message : String(error)}.`);
  }
  const text = (name: string) => Buffer.from(entries[name] ?? []).toString('utf8');
  const state = v.safeParse(v.pipe(v.string(), v.parseJson(), stateSchema), text('tfstate'));
  const modules = v.safeParse(v.pipe(v.string(), v.parseJson(), modulesSchema), text('tfconfig/modules.json'));
  if (!state.success || !modules.success || entries.tfplan === undefined) {
    throw new Error('This is no saved plan: expected tfplan, tfstate and tfconfig/modules.json in it.');
  }
  const fields = fieldsOf(entries.tfplan);
  return {
    whole: hashOf({ ...entries, tfplan: timeless(fields) }),
    state: { serial: state.output.serial, lineage: state.output.lineage },
    configuration: new Map(modules.output.flatMap(({ Key, Dir }) => filesOf(entries, `tfconfig/m-${Key}/`, Dir))),
    lockFile: text('.terraform.lock.hcl'),
    backend: fields.flatMap(([number, value]) => (number === BACKEND || number === UNREAD ? [value] : [])).join(),
  };
}

/** Bytes by which an encrypted plan is known. */
const HEAD_BYTES = 65_536;

/**
 * Whether OpenTofu itself encrypted a plan file, so that nobody else can tell what it is made of.
 *
 * @see https://opentofu.org/docs/language/state/encryption/
 */
export function isEncryptedPlan(file: Uint8Array): boolean {
  const head = Buffer.from(file.subarray(0, HEAD_BYTES)).toString('latin1');
  return head.startsWith('{') && head.includes('"encrypted_data":');
}

function filesOf(entries: Readonly<Record<string, Uint8Array>>, prefix: string, folder: string): [string, string][] {
  return Object.entries(entries)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, bytes]) => [posix.join(folder, name.slice(prefix.length)), Buffer.from(bytes).toString('utf8')]);
}

function hashOf(entries: Readonly<Record<string, Uint8Array | string>>): string {
  const hash = createHash('sha256');
  for (const [name, content] of Object.entries(entries).sort(([one], [other]) => (one < other ? -1 : 1))) {
    hash.update(`${name}\0${createHash('sha256').update(content).digest('hex')}\0`);
  }
  return hash.digest('hex');
}

/** The tool writes what a plan does, and the rest, in any order. */
function timeless(fields: readonly Field[]): string {
  return fields
    .filter(([number]) => number !== TIMESTAMP)
    .map((field) => field.join())
    .sort()
    .join();
}

/** The numbers of `Plan.backend` and `Plan.timestamp` in the tool's planfile.proto. */
const [BACKEND, TIMESTAMP] = [13, 21];

/** What stands for the number of what cannot be read. */
const UNREAD = 0;

type Field = readonly [number: number, value: string];

/**
 * The fields of a message in the wire format of protocol buffers, in base64. What cannot be read is a field of its own, so that
 * it is equal to nothing.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */
function fieldsOf(bytes: Uint8Array): Field[] {
  const found: Field[] = [];
  let at = 0;
  const varint = () => {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80) {
        return value;
      }
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const [number, wire] = [Math.floor(tag / 8), tag % 8];
    const start = at;
    const length = wire === 2 ? varint() : wire === 1 ? 8 : wire === 5 ? 4 : 0;
    if (wire === 0) {
      varint();
    } else if (wire === 3 || wire === 4 || wire > 5) {
      return [...found, [UNREAD, Buffer.from(bytes).toString('base64')]];
    }
    at += length;
    found.push([number, Buffer.from(bytes.subarray(start, at)).toString('base64')]);
  }
  return found;
}

/**
 * What of a saved plan is not that of another one, which was made of the merged commit by the job that applies. A job of a pull
 * request may have written the first by hand, so nothing of it goes unseen: targets, what providers keep, a module's files twice.
 *
 * @returns parts of a sentence; empty where nothing is
 */
export function partsMoved(saved: SavedPlan, fresh: SavedPlan): string[] {
  const names = new Set([...saved.configuration.keys(), ...fresh.configuration.keys()]);
  const files = [...names].filter((name) => saved.configuration.get(name) !== fresh.configuration.get(name)).sort();
  const isSameState = saved.state.serial === fresh.state.serial && saved.state.lineage === fresh.state.lineage;
  const named = [
    ...(files.length === 0
      ? []
      : [`the configuration (${files.slice(0, 3).join(', ')}${files.length > 3 ? ', …' : ''})`]),
    ...(saved.lockFile === fresh.lockFile ? [] : ['the lock file']),
    ...(isSameState ? [] : [`the state (serial ${saved.state.serial}, now ${fresh.state.serial})`]),
    ...(saved.backend === fresh.backend ? [] : ['the place of the state']),
  ];
  return named.length > 0 || saved.whole === fresh.whole ? named : ['what else is in its file'];
}
