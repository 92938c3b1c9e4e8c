/** Why a layer is refused, as part of a sentence. */
export class LayerRefusal extends Error {}

/** Limit on unpacked bytes, for all layers together; unpacking stops when it is reached. */
export class Allowance {
  readonly #limit: number;
  #used = 0;

  /** @param limit bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws Error when it is used up */
  take(bytes: number): void {
    this.#used += bytes;
    if (this.#used > this.#limit) {
      throw new LayerRefusal(`its layers have more than ${Math.floor(this.#limit / 1024 / 1024)} MiB unpacked`);
    }
  }
}
