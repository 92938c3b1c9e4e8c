import { createHash } from 'node:crypto';
import { fullRepository } from '../carriers/image-reference.js';
import type { UnprovenImage } from '../judgement/admit-images.js';
import type { BuiltBy } from '../policy/image-rules.js';

/** The check run in which the ops App keeps what was proven of a commit. Its name never changes. */
export const PROOFS_CHECK = 'oStack / images';

/** A digest that was proven, and by what. */
export interface KeptProof {
  /** With its registry, without tag and digest. */
  repository: string;
  digest: string;
  /** Page of the run that built it. */
  run: string;
  /** The commit that it was built from. */
  commit: string;
  /** What the policy asked for then, as `ruleKey` has it. */
  rule: string;
}

/** GitHub takes 65,535 characters of a text. */
const MOST_CHARACTERS = 60_000;
/** Names of images and addresses of runs are shorter. */
const MOST_OF_A_LINE = 1_000;

const LINE = /^(\S+)@(sha256:[0-9a-f]{64}) (https?:\/\/\S+) ([0-9a-f]{40}) ([0-9a-f]{64})$/;

/** What a rule asks for: what was proven by another one proves nothing of it. */
export function ruleKey(builtBy: BuiltBy): string {
  return createHash('sha256').update(JSON.stringify(builtBy)).digest('hex');
}

/** The text of the check run, one line a digest. Of more than GitHub takes, the first are kept. */
export function writeKeptProofs(proofs: readonly KeptProof[]): string {
  const lines = [...new Set(proofs.map(lineOf))].filter((line) => readLine(line).length > 0);
  let length = 0;
  const taken = lines.filter((line) => {
    length += line.length + 1;
    return length <= MOST_CHARACTERS;
  });
  return taken.join('\n');
}

/** Reads such a text; what is no such line is left out. */
export function readKeptProofs(text: string): KeptProof[] {
  return text.slice(0, MOST_CHARACTERS).split('\n').flatMap(readLine);
}

/** What was kept of an image by the rule that is in force for it; `undefined` for nothing. */
export function keptProofOf(
  { repository, digest, builtBy }: UnprovenImage,
  kept: readonly KeptProof[],
): KeptProof | undefined {
  const wanted = { repository: fullRepository(repository), digest, rule: ruleKey(builtBy), run: '', commit: '' };
  return kept.find((each) => isSameProof(each, wanted));
}

/** Whether two say the same of the same image, whichever run built it. */
export function isSameProof(one: KeptProof, other: KeptProof): boolean {
  return one.repository === other.repository && one.digest === other.digest && one.rule === other.rule;
}

function lineOf({ repository, digest, run, commit, rule }: KeptProof): string {
  return `${repository}@${digest} ${run} ${commit} ${rule}`;
}

function readLine(line: string): KeptProof[] {
  const [, repository, digest, run, commit, rule] = line.length > MOST_OF_A_LINE ? [] : (LINE.exec(line) ?? []);
  return repository === undefined ||
    digest === undefined ||
    run === undefined ||
    commit === undefined ||
    rule === undefined
    ? []
    : [{ repository, digest, run, commit, rule }];
}
