/** A request that has arrived, as far as it matters for when it is answered. */
export interface Visitor {
  method: string;
  /** With its query. */
  path: string;
  /** GraphQL operation name. */
  operation?: string;
  /** The token it came with. */
  token: string | undefined;
}

/** Decides when requests are let in. */
export interface Door {
  /**
   * Lets a request in, now or later.
   *
   * @returns is to be called when it has been answered
   */
  enter(visitor: Visitor): Promise<() => void>;
}

/** The way into the local GitHub: open, unless a door is put there. */
export class Entrance implements Door {
  door: Door | undefined;

  async enter(visitor: Visitor): Promise<() => void> {
    return this.door === undefined ? () => {} : this.door.enter(visitor);
  }
}
