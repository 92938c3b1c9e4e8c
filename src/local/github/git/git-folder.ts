import { LooseObjects } from './loose-objects.js';
import { RefFiles } from './ref-files.js';

/** How a repository begins that is not there yet. */
export interface Beginning {
  defaultBranch: string;
  /** Makes the empty repository in its folder. */
  write(path: string): void;
}

/**
 * The folder of one bare repository. A new one stays in memory until someone wants to look into it: most repositories of
 * tests are only ever asked through the API, and making their files would be most of the work.
 */
export class GitFolder {
  readonly objects: LooseObjects;
  readonly refs: RefFiles;
  readonly #path: string;
  #beginning: Beginning | undefined;

  /** @param beginning of a new repository; without it there is one in the folder */
  constructor(path: string, beginning?: Beginning) {
    this.#path = path;
    this.#beginning = beginning;
    this.objects = new LooseObjects(path, beginning !== undefined);
    this.refs = new RefFiles(path, beginning === undefined ? undefined : { head: beginning.defaultBranch });
  }

  /** Where it is, for git and whoever else looks into it: what was held in memory is written first. */
  get path(): string {
    const beginning = this.#beginning;
    if (beginning !== undefined) {
      this.#beginning = undefined;
      beginning.write(this.#path);
      this.objects.settle();
      this.refs.settle();
    }
    return this.#path;
  }

  /** Whether there is nothing but what is held in memory. */
  get isHeld(): boolean {
    return this.#beginning !== undefined;
  }
}
