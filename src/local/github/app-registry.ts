/** GitHub Apps, for `actions/create-github-app-token`. They are the local GitHub's; the runner adds those of its settings. */
export interface AppRegistration {
  /** The app's name in URLs; its account is `<slug>[bot]`. */
  slug: string;
  clientId: string;
  /** PEM. */
  privateKey: string;
  /** Repositories that the app is installed on, `owner/name`. */
  repositories: string[];
  /** What the app was granted, as the API names it: `{ contents: 'write', pull_requests: 'write' }`. */
  permissions: Readonly<Record<string, 'read' | 'write' | 'admin'>>;
}

/** An App as the runner sees it. */
export interface KnownApp {
  slug: string;
  /** Whether a private key is one of the App's. */
  holds(privateKey: string): boolean;
  installations: { id: number; repositories: string[]; permissions: AppRegistration['permissions'] }[];
}

/** The Apps of the local GitHub. */
export interface AppRegistry {
  /** Adds an App and installs it, or changes the one of the slug. */
  register(app: AppRegistration): void;
  /** The app of a client id or an app id. */
  find(id: string): KnownApp | undefined;
}
