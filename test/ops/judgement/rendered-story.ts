/** An ops repository whose environment stage is rendered, and what happens to it hour after hour. */
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { connect } from '../../../src/github/client.js';
import { type LocalRepository, type Stage, startStage } from '../../../src/local/stage.js';
import { writeBranch } from '../../../src/materialize/branch/write-branch.js';
import type { Target } from '../../../src/ops/carriers/carrier.js';
import { historyAway } from '../../../src/ops/judgement/history-away.js';
import { ranThere } from '../../../src/ops/judgement/ran-once.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import type { HeldOnce } from '../../../src/ops/policy/rules.js';
import { NOBODY } from '../../../src/ops/repository/repository-state.js';
import { openPlaces } from '../../../src/ops/repository/snapshot.js';
import { rest } from '../../local/github/support.js';
import { HOUR } from './production.js';

/** The bot of the stage, which has the part of the ops App. */
export const APP = 'ostack-local';
export const BEGIN = new Date('2026-11-20T00:00:00Z');

/** The stage of a file of tests: each finds it as it was at first. */
export class World {
  #time = BEGIN;
  #stage: Stage | undefined;
  #repositories: [main: LocalRepository, other: LocalRepository] | undefined;

  get stage() {
    return this.#stage ?? missing();
  }

  get main() {
    return (this.#repositories ?? missing())[0];
  }

  /** A repository of manifests. */
  get other() {
    return (this.#repositories ?? missing())[1];
  }

  get time() {
    return this.#time;
  }

  /** Some hours later. */
  later(hours = 1) {
    this.#time = new Date(this.#time.getTime() + hours * HOUR);
  }

  async start() {
    const stage = await startStage({ now: () => this.#time });
    this.#stage = stage;
    const files = { 'ostack.yaml': 'environments: {}\n', 'bases/web/kustomization.yaml': 'resources: []\n' };
    this.#repositories = [
      await stage.github.createRepository('acme/ops', { files }),
      await stage.github.createRepository('acme/manifests', { files: { 'README.md': 'x\n' } }),
    ];
    const restore = await stage.github.checkpoint();
    return async () => {
      this.#time = BEGIN;
      await restore();
    };
  }

  connected(token: string, { name }: { name: string } = this.main) {
    const [owner = '', repo = ''] = name.split('/');
    const { apiUrl, graphqlUrl } = this.stage;
    return { github: connect({ token, apiUrl, graphqlUrl }), repository: { owner, name: repo } };
  }
}

function missing(): never {
  throw new Error('The stage is not started.');
}

export function renderedWorld(): World {
  const world = new World();
  let restore: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    restore = await world.start();
  });
  beforeEach(() => restore?.());
  afterAll(() => world.stage.close());
  return world;
}

/** What the source says: a chart, the tag of an image, or both, and a remote base. */
interface Said {
  chart?: string;
  tag?: string;
  base?: string;
}

/** What happens to an ops repository whose environment stage is rendered, hour after hour. */
export class Story {
  readonly #world: World;
  live: LocalRepository;
  /** Whose commits are rendered, as it is told. */
  from: LocalRepository;

  constructor(world: World) {
    this.#world = world;
    this.live = world.main;
    this.from = world.main;
  }

  #said: Said = {};
  policy = 'environments:\n  stage: { branch: env/stage }\n  prod: { after: stage }\n';
  branch = 'env/stage';
  folder = '';
  /** A further document of its manifest. */
  manifest = '';
  force = false;

  get file() {
    return 'overlays/stage/web/kustomization.yaml';
  }

  async source(said: Said): Promise<string> {
    this.#said = said;
    const { chart, tag, base } = said;
    const charts = `helmCharts:\n- { name: web, repo: https://charts.acme.dev, version: ${chart}, releaseName: web }\n`;
    const bases = `- https://github.com/acme/web//deploy?ref=${base}\n`;
    const text = `resources:\n- ../../../bases/web\n${base === undefined ? '' : bases}${tag === undefined ? '' : `images: [{ name: ghcr.io/acme/web, newTag: "${tag}" }]\n`}${chart === undefined ? '' : charts}`;
    return this.#world.main.commit('main', { 'ostack.yaml': this.policy, [this.file]: text }, 'source');
  }

  /** Materialize, of the newest commit of the source. @param more of the manifests */
  async render(mode: 'commit' | 'pull-request' = 'commit', token = this.#world.stage.github.issueToken({}), more = '') {
    const { chart, tag, base } = this.#said;
    const image = tag === undefined ? '' : `ghcr.io/acme/web:${tag}`;
    const parts = [
      ...(base === undefined ? [] : [`${this.file}: https://github.com/acme/web//deploy?ref=${base}`]),
      ...(chart === undefined ? [] : [`${this.file}: web ${chart} of https://charts.acme.dev as web`]),
    ];
    const files = new Map([
      [
        'deployment-web.yaml',
        `kind: Deployment\nspec: { template: { spec: { containers: [{ image: "${image}" }] } } }\n${this.manifest === '' ? '' : `---\n${this.manifest}`}`,
      ],
      ['configmap-web.yaml', `kind: ConfigMap\ndata: { text: "${more}" }\n`],
    ]);
    const target = {
      ...{ repository: this.#world.connected(token, this.live).repository, branch: this.branch, isOfPolicy: true },
      environments: [{ environment: 'stage', folder: this.folder }],
    };
    return writeBranch(target, new Map([['stage', { files, parts }]]), {
      ...{
        to: this.#world.connected(token, this.live),
        source: this.#world.connected(this.#world.stage.token, this.from),
        commit: (await this.#world.main.refs())['refs/heads/main'] ?? '',
      },
      ...{
        mode,
        edits: 'restore',
        force: this.force,
        dryRun: false,
        hasNewer: async () => false,
        tools: {},
        runUrl: '',
      },
    });
  }

  async merge(number: number | undefined, method = 'merge') {
    await rest(this.#world.stage, `PUT /repos/${this.live.name}/pulls/${number}/merge`, { merge_method: method });
  }

  /** What stage ran of web by the gate, which knows the App. */
  gate(app: string | undefined = APP, now = this.#world.time, isPast = false): Promise<HeldOnce> {
    const policy = readPolicy(this.policy);
    const away = historyAway(this.#world.connected(this.#world.stage.token), policy, undefined, app);
    const held = away({ environment: 'stage', app: 'web', extent: { limit: 30 }, now, isPast });
    return held ?? Promise.reject(new Error('stage is here'));
  }

  /** The same by a verb. */
  async verb(): Promise<HeldOnce> {
    const places = await openPlaces(this.#world.connected(this.#world.stage.token), NOBODY, () => {}, {
      isSource: true,
    });
    const home = await places.at({ repository: undefined, branch: undefined });
    return ranThere(home, 'stage', 'web', { entries: [], complete: true });
  }
}

const hourOf = (at: Date) => (at.getTime() - BEGIN.getTime()) / HOUR;
const word = (target: Target) =>
  target.kind === 'image' ? `image ${target.tag}` : target.kind === 'chart' ? `chart ${target.version}` : target.gitTag;
export const told = ({ entries, untold }: HeldOnce) => [
  ...entries.map(
    ({ at, present, version, targets, isUntold }) =>
      `${hourOf(at)}: ${present ? version : 'nothing'} (${targets.map(word).join(', ')})${isUntold === true ? ', untold' : ''}`,
  ),
  ...(untold === undefined ? [] : [untold]),
];

export type Row = [string, (story: Story) => Promise<unknown>, unknown[]];
