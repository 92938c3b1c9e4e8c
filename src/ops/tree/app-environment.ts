/** An app in an environment. It has one overlay, one version, at most one hold, and at most one open release. */
export interface AppEnvironment {
  environment: string;
  app: string;
}
