/**
 * Stands in for `@actions/http-client`, which `@actions/core` needs for OpenID Connect tokens, and `@actions/github` for
 * the agent of a proxy. The real one brings all of undici: 0.4 MB of a bundle, and half of its start-up time. Requests of
 * this project go through Node's own `fetch`, and so do proxies (src/runtime/proxy.ts).
 */
export class HttpClient {
  getAgent() {
    return undefined;
  }

  getAgentDispatcher() {
    return undefined;
  }

  getJson() {
    throw new Error(
      'OpenID Connect tokens are not available here: scripts/stubs/http-client takes the place of the client.',
    );
  }
}

export class BearerCredentialHandler {}
