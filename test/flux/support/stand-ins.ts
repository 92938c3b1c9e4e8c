import { setTimeout as sleep } from 'node:timers/promises';
import type { Kube, KubeObject } from './kube.js';

/** An image with this in its tag never gets ready. */
export const BROKEN = 'broken';

/**
 * Plays what else a cluster has: deployments get ready, but for those of broken images, and namespaces that are deleted go when
 * they are empty of what tests put there.
 */
export function standIns(kube: Kube): { stop(): Promise<void> } {
  let isOver = false;
  const loop = (async () => {
    while (!isOver) {
      // The API server may be ending.
      await turn(kube).catch(() => {});
      await sleep(200);
    }
  })();
  return {
    stop: () => {
      isOver = true;
      return loop;
    },
  };
}

async function turn(kube: Kube): Promise<void> {
  for (const deployment of await kube.list('/apis/apps/v1/deployments')) {
    await makeReady(kube, deployment);
  }
  for (const { metadata } of await kube.list('/api/v1/namespaces')) {
    if (metadata.deletionTimestamp !== undefined) {
      await finish(kube, metadata.name);
    }
  }
}

async function makeReady(kube: Kube, { metadata, spec, status }: KubeObject): Promise<void> {
  const { name, namespace, generation } = metadata;
  if (status?.observedGeneration === generation || JSON.stringify(spec).includes(BROKEN)) {
    return;
  }
  const replicas = typeof spec?.replicas === 'number' ? spec.replicas : 1;
  const conditions = [
    { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
    { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
  ];
  await kube.merge(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}/status`, {
    status: {
      ...{ observedGeneration: generation, conditions, replicas },
      ...{ updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas },
    },
  });
}

/** What a namespace's own controller does last. */
async function finish(kube: Kube, name: string): Promise<void> {
  const object = await kube.get(`/api/v1/namespaces/${name}`);
  if (object !== undefined) {
    await kube.call('PUT', `/api/v1/namespaces/${name}/finalize`, { ...object, spec: { finalizers: [] } });
  }
}
