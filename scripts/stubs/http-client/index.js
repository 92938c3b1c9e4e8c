/**
 * Stands in for `@actions/http-client`, which `@actions/core` needs for OpenID Connect tokens alone. The real one brings
 * all of undici: 0.4 MB of a bundle, and half of its start-up time. Requests of this project go through Node's own `fetch`.
 */
export class HttpClient {
  constructor() {
    throw new Error(
      'OpenID Connect tokens are not available here: scripts/stubs/http-client takes the place of the client.',
    );
  }
}

export class BearerCredentialHandler {}
