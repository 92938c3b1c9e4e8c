/** GitHub Apps registered with the runner, for `actions/create-github-app-token`. */
export interface AppRegistration {
  /** The app's name in URLs; its account is `<slug>[bot]`. */
  slug: string;
  clientId: string;
  appId?: string;
  privateKey: string;
  /** Repositories that the app is installed on, `owner/name`. */
  repositories: string[];
  /** What the app was granted, as the API names it: `{ contents: 'write', pull_requests: 'write' }`. */
  permissions: Record<string, 'read' | 'write'>;
}

export class AppRegistry {
  readonly #apps: AppRegistration[] = [];

  register(app: AppRegistration): void {
    this.#apps.push(app);
  }

  /** The app of a client id or an app id. */
  find(id: string): AppRegistration | undefined {
    return this.#apps.find((app) => app.clientId === id || app.appId === id);
  }
}
