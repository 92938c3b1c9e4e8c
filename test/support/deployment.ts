/**
 * A Deployment that a cluster would take, as YAML.
 *
 * @param containers YAML flow maps in a row; one named `main` of the app's own image by default
 */
export function deployment(name: string, containers = `{ name: main, image: ghcr.io/acme/${name} }`): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [${containers}] }
`;
}
