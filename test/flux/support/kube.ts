import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { parseAllDocuments } from 'yaml';

const metadata = v.looseObject({
  name: v.string(),
  namespace: v.optional(v.string()),
  generation: v.optional(v.number()),
  deletionTimestamp: v.optional(v.string()),
});
const condition = v.looseObject({
  type: v.string(),
  status: v.string(),
  reason: v.optional(v.string(), ''),
  message: v.optional(v.string(), ''),
});

/** An object of the API, as far as tests look at it. */
export const objectSchema = v.looseObject({
  metadata,
  spec: v.optional(v.looseObject({})),
  status: v.optional(
    v.looseObject({ conditions: v.optional(v.array(condition), []), lastAppliedRevision: v.optional(v.string()) }),
  ),
});
export type KubeObject = v.InferOutput<typeof objectSchema>;

const toApply = v.looseObject({ apiVersion: v.string(), kind: v.string(), metadata });

export interface KubeAccess {
  port: number;
  ca: string;
  token: string;
}

/** Kinds that belong to the whole cluster. */
const CLUSTER_WIDE = new Set([
  ...['Namespace', 'CustomResourceDefinition', 'ClusterRole', 'ClusterRoleBinding'],
  ...['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'],
]);

/** What a test does with the API server, without kubectl. */
export class Kube {
  constructor(readonly access: KubeAccess) {}

  /** Sends a request. @returns status, and the answer as it is */
  call(
    method: string,
    path: string,
    body?: unknown,
    type = 'application/json',
    as?: string,
  ): Promise<{ status: number; body: unknown }> {
    const { port, ca, token } = this.access;
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': type }),
        ...(as === undefined ? {} : { 'impersonate-user': as }),
      };
      const sent = request({ host: '127.0.0.1', port, path, method, ca, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, body: text.startsWith('{') ? JSON.parse(text) : text });
        });
      });
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
    });
  }

  /** Applies the objects of a YAML text, each as the server takes it. @throws Error with the server's answer */
  async apply(text: string): Promise<void> {
    for (const document of parseAllDocuments(text)) {
      const value: unknown = document.toJS();
      if (value !== null) {
        const object = v.parse(toApply, value);
        await this.#applyOne(object);
      }
    }
  }

  async #applyOne(object: v.InferOutput<typeof toApply>): Promise<void> {
    const path = `${pathOf(object)}?fieldManager=test&force=true`;
    for (let attempt = 1; ; attempt++) {
      const answer = await this.call('PATCH', path, object, 'application/apply-patch+yaml');
      if (answer.status < 300) {
        return;
      }
      // A definition that was just made is not served at once.
      if (answer.status !== 404 || attempt === 50) {
        throw new Error(
          `${object.kind} ${object.metadata.name} was answered ${answer.status}: ${JSON.stringify(answer.body)}`,
        );
      }
      await sleep(100);
    }
  }

  /** `undefined` where there is none. */
  async get(path: string): Promise<KubeObject | undefined> {
    const { status, body } = await this.call('GET', path);
    if (status === 404) {
      return undefined;
    }
    if (status !== 200) {
      throw new Error(`${path} was answered ${status}: ${JSON.stringify(body)}`);
    }
    return v.parse(objectSchema, body);
  }

  async list(path: string): Promise<KubeObject[]> {
    const { body } = await this.call('GET', path);
    return v.parse(v.looseObject({ items: v.array(objectSchema) }), body).items;
  }

  merge(path: string, patch: unknown): Promise<unknown> {
    return this.call('PATCH', path, patch, 'application/merge-patch+json');
  }

  /** Has Flux look at once, rather than when its interval is over. */
  async poke(path: string): Promise<void> {
    const annotations = { 'reconcile.fluxcd.io/requestedAt': `${process.hrtime.bigint()}` };
    await this.merge(path, { metadata: { annotations } });
  }
}

function pathOf({ apiVersion, kind, metadata: { name, namespace } }: v.InferOutput<typeof toApply>): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const where = CLUSTER_WIDE.has(kind) ? '' : `/namespaces/${namespace ?? 'default'}`;
  return `${root}${where}/${kind.toLowerCase().replace(/y$/, 'ie')}s/${name}`;
}

/** Waits until something is there, looking five times a second. @throws Error with what was seen last */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  seconds = 60,
  seen: () => unknown = () => '',
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) {
      return found;
    }
    if (Date.now() > end) {
      throw new Error(`${what} did not come about in ${seconds} s. Last seen: ${JSON.stringify(await seen())}`);
    }
    await sleep(200);
  }
}
