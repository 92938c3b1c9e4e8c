import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kube, until } from './kube.js';
import { builtTools, freePorts, Program } from './programs.js';
import { standIns } from './stand-ins.js';

/** An API server with Flux on it, on loopback. Nothing runs pods: what controllers of Kubernetes do is played. */
export interface Cluster extends AsyncDisposable {
  kube: Kube;
  /** Folder of the programs' logs. */
  logs: string;
}

/**
 * Starts etcd, the API server and Flux' source-, kustomize- and helm-controller.
 *
 * @param events address that gets the controllers' events; `undefined` for an API server without Flux
 * @throws Error where a program is missing or ends, with the end of its log
 */
export async function startCluster(events: string | undefined): Promise<Cluster> {
  const tools = builtTools();
  const work = await mkdtemp(join(tmpdir(), 'ostack-flux-'));
  const logs = join(work, 'logs');
  await Promise.all(['logs', 'home', 'tmp', 'data', 'certificates'].map((name) => mkdir(join(work, name))));
  const programs: Program[] = [];
  const run = (name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const home = { PATH: process.env.PATH, HOME: join(work, 'home'), TMPDIR: join(work, 'tmp') };
    programs.push(new Program(name, join(tools, name), args, join(logs, `${name}.log`), { ...home, ...env }));
  };
  const stop = async () => {
    // The API server waits for etcd when that goes first.
    for (const program of programs.reverse()) {
      await program.stop();
    }
    await rm(work, { recursive: true, force: true });
  };
  try {
    const [etcd = 0, peers = 0, api = 0, storage = 0, ...health] = await freePorts(7);
    run('etcd', etcdFlags(work, etcd, peers));
    const token = randomBytes(16).toString('hex');
    await writeFile(join(work, 'tokens.csv'), `${token},admin,admin,system:masters\n`);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await writeFile(join(work, 'accounts.key'), privateKey.export({ format: 'pem', type: 'pkcs1' }));
    run('kube-apiserver', apiFlags(work, etcd, api));
    const running = () => {
      for (const program of programs) {
        program.demandRunning();
      }
    };
    const kube = await ready(work, api, token, running);
    for (const name of ['flux-system', 'staging']) {
      await kube.apply(`{ apiVersion: v1, kind: Namespace, metadata: { name: ${name} } }`);
    }
    for (const file of await readdir(join(tools, 'crds'))) {
      await kube.apply(await readFile(join(tools, 'crds', file), 'utf8'));
    }
    await writeFile(join(work, 'kubeconfig'), kubeconfig(work, api, token));
    const env = { KUBECONFIG: join(work, 'kubeconfig'), RUNTIME_NAMESPACE: 'flux-system' };
    const controllers = events === undefined ? [] : ['source', 'kustomize', 'helm'];
    for (const [index, name] of controllers.entries()) {
      const own = name === 'source' ? sourceFlags(work, storage) : ['--requeue-dependency=2s'];
      run(`${name}-controller`, [...controllerFlags(events ?? '', health[index] ?? 0), ...own], env);
    }
    await Promise.all(controllers.map((_, index) => untilHealthy(health[index] ?? 0, running)));
    const played = standIns(kube);
    return {
      ...{ kube, logs },
      async [Symbol.asyncDispose]() {
        await played.stop();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const loopback = (port: number) => `127.0.0.1:${port}`;

function etcdFlags(work: string, port: number, peers: number): string[] {
  const [client, peer] = [`http://${loopback(port)}`, `http://${loopback(peers)}`];
  return [
    ...['--data-dir', join(work, 'etcd'), '--unsafe-no-fsync', '--log-level', 'warn'],
    ...['--listen-client-urls', client, '--advertise-client-urls', client, '--listen-peer-urls', peer],
  ];
}

function apiFlags(work: string, etcd: number, port: number): string[] {
  const key = join(work, 'accounts.key');
  return [
    ...['--etcd-servers', `http://${loopback(etcd)}`, '--secure-port', String(port)],
    ...['--cert-dir', join(work, 'certificates')],
    ...['--bind-address', '127.0.0.1', '--advertise-address', '127.0.0.1', '--endpoint-reconciler-type', 'none'],
    ...['--service-account-issuer', 'https://kubernetes.default.svc', '--service-account-key-file', key],
    ...['--service-account-signing-key-file', key, '--service-cluster-ip-range', '10.0.0.0/24'],
    ...['--token-auth-file', join(work, 'tokens.csv'), '--authorization-mode', 'RBAC'],
    // Tokens of accounts are made by a controller that is not here.
    ...['--disable-admission-plugins', 'ServiceAccount', '--enable-priority-and-fairness=false', '--profiling=false'],
    '--allow-privileged=true',
  ];
}

function controllerFlags(events: string, health: number): string[] {
  return [
    '--watch-all-namespaces=true',
    '--enable-leader-election=false',
    '--metrics-addr=0',
    '--interval-jitter-percentage=0',
    `--health-addr=${loopback(health)}`,
    `--events-addr=${events}`,
  ];
}

function sourceFlags(work: string, port: number): string[] {
  return [
    `--storage-path=${join(work, 'data')}`,
    `--storage-addr=${loopback(port)}`,
    `--storage-adv-addr=${loopback(port)}`,
  ];
}

function kubeconfig(work: string, port: number, token: string): string {
  const cluster = { server: `https://${loopback(port)}`, 'certificate-authority': certificate(work) };
  return JSON.stringify({
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'test' },
    clusters: [{ name: 'test', cluster }],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  });
}

/** The API server makes a certificate of its own. */
const certificate = (work: string) => join(work, 'certificates', 'apiserver.crt');

async function ready(work: string, port: number, token: string, running: () => void): Promise<Kube> {
  return until(
    'The API server',
    async () => {
      running();
      try {
        const kube = new Kube({ port, token, ca: await readFile(certificate(work), 'utf8') });
        return (await kube.call('GET', '/readyz')).status === 200 ? kube : undefined;
      } catch {
        return undefined;
      }
    },
    90,
  );
}

async function untilHealthy(port: number, running: () => void): Promise<void> {
  await until(
    'A controller',
    async () => {
      running();
      const response = await fetch(`http://${loopback(port)}/readyz`).catch(() => undefined);
      return response?.ok === true;
    },
    90,
  );
}
