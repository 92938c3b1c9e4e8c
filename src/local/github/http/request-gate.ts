/** A request that has arrived, as far as it matters for when it is answered. */
export interface ArrivedRequest {
  method: string;
  /** With its query. */
  path: string;
  /** GraphQL operation name. */
  operation?: string;
  /** The token in its `authorization` header. */
  token: string | undefined;
}

/** Decides when requests are answered. */
export interface RequestGate {
  /**
   * Resolves when the request may be answered.
   *
   * @returns a function to call when it has been answered
   */
  enter(request: ArrivedRequest): Promise<() => void>;
}

/** The gate of the local GitHub's server: lets every request through at once unless another gate is set. */
export class ServerGate implements RequestGate {
  gate: RequestGate | undefined;

  async enter(request: ArrivedRequest): Promise<() => void> {
    return this.gate === undefined ? () => {} : this.gate.enter(request);
  }
}
