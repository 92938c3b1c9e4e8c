import type { DeployingObject, Layout } from '../../../overlays/layout.js';
import type { Policy } from '../../../policy/policy.js';
import type { TreeReader } from '../../../tree/tree-reader.js';

/** An environment that is to report whether it is live. */
export interface Reporting {
  tree: TreeReader;
  layout: Layout;
  policy: Policy;
  environment: string;
  /** The login that its cluster posts with, that of an App as `name[bot]`. */
  login: string;
  /** The address of the ops repository. */
  address: string;
  /** The objects that deploy the environment. */
  objects: readonly DeployingObject[];
  /** What it shares names of objects with, so that contexts have to tell them apart. */
  alike: ReadonlyMap<string, readonly string[]>;
}

/** Lines that a person has to paste. */
export interface Lines {
  /** Where and why, a sentence. */
  what: string;
  lines: string;
}

/** What is written so that an environment reports, and what is left to a person. */
export interface Written {
  /** New contents by path, and what those of them held that are there. */
  files: Map<string, string>;
  before: Map<string, string>;
  /** What could not be written. */
  open: Lines[];
  /** What nothing in the repository tells, or what is better otherwise. */
  advice: Lines[];
  /** Secrets that have to be there, `flux-system/ops-status`. */
  secrets: string[];
}

export function nothing(): Written {
  return { files: new Map(), before: new Map(), open: [], advice: [], secrets: [] };
}

/** All of them as one. */
export function together(all: readonly Written[]): Written {
  return {
    files: new Map(all.flatMap(({ files }) => [...files])),
    before: new Map(all.flatMap(({ before }) => [...before])),
    open: all.flatMap(({ open }) => open),
    advice: all.flatMap(({ advice }) => advice),
    secrets: [...new Set(all.flatMap(({ secrets }) => secrets))],
  };
}
