/** An app in an environment: what has an overlay, a version, a hold, and one open pull request of a release at most. */
export interface AppEnvironment {
  environment: string;
  app: string;
}
