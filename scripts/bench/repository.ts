/** Names of the environments, most common first: a bench of n environments takes the first n. */
export const ENVIRONMENTS = ['staging', 'production', 'canary', 'demo'] as const;

/** Image of an app. */
export function imageOf(app: string): string {
  return `ghcr.io/acme/${app}`;
}

/**
 * Files of an ops repository in the usual layout: for each app a base of two files and an overlay in each environment.
 *
 * @param apps how many apps, named `app-0`, `app-1` …
 * @param versions what an environment holds, by its name; 1.0.0 by default
 */
export function opsFiles(apps: number, versions: Record<string, string> = {}): Record<string, string> {
  const files: Record<string, string> = {
    'ostack.yaml': 'environments:\n  staging: {}\n  production: { after: staging }\n  canary: {}\n  demo: {}\n',
  };
  for (let index = 0; index < apps; index++) {
    const app = `app-${index}`;
    files[`bases/${app}/kustomization.yaml`] = 'resources:\n- deployment.yaml\n';
    files[`bases/${app}/deployment.yaml`] = deployment(app);
    for (const environment of ENVIRONMENTS) {
      files[`overlays/${environment}/${app}/kustomization.yaml`] = overlay(app, versions[environment] ?? '1.0.0');
    }
  }
  return files;
}

function overlay(app: string, version: string): string {
  return `resources:\n- ../../../bases/${app}\nnamespace: ${app}\nimages:\n- name: ${imageOf(app)}\n  newTag: ${version}\n`;
}

function deployment(app: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${app}
spec:
  replicas: 2
  selector:
    matchLabels: { app: ${app} }
  template:
    metadata:
      labels: { app: ${app} }
    spec:
      containers:
      - name: ${app}
        image: ${imageOf(app)}
        ports:
        - containerPort: 8080
`;
}
