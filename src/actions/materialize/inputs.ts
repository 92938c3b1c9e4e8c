import { yamlDocument } from '../../config/yaml-documents.js';
import type { BranchPatterns } from '../../materialize/branch/targets.js';
import { type Checkout, readIn } from '../../materialize/checkout.js';
import type { RenderRequest } from '../../materialize/materialize.js';
import { environmentFolders } from '../../materialize/sources/environment-folders.js';
import { MERGE_CHOICES, type MergeChoice } from '../../ops/policy/merge-decision.js';
import type { Lodging } from '../../ops/policy/places.js';
import { POLICY_FILE, readPolicy } from '../../ops/policy/policy.js';
import { booleanInput, choiceInput, listInput, secretInput, textInput } from '../../runtime/inputs.js';

/** An environment becomes a part of paths and of names of branches. */
const NAME = /^[A-Za-z0-9][\w.-]*$/;

/** Where what is rendered goes: to a folder of the workspace, or to branches. */
export type Destination =
  | { output: string }
  | (BranchPatterns & {
      output: undefined;
      mode: 'commit' | 'pull-request';
      edits: 'restore' | 'keep';
      force: boolean;
    });

export interface Inputs {
  request: RenderRequest;
  destination: Destination;
  update: boolean;
  /** Whether `update` resolves the branches alone that environments live on. */
  followedOnly: boolean;
  /** Whether what `update` proposes is merged. */
  merge: MergeChoice;
  /** Where environments live by `ostack.yaml`. */
  lodgings: readonly Lodging[];
  dryRun: boolean;
  /** Writes branches. */
  token: string | undefined;
  /** Reads git sources of the run's own owner. */
  sourcesToken: string | undefined;
  /** Reads the repository of the run. */
  githubToken: string | undefined;
}

/**
 * Reads the inputs. Where none names environments, those of `ostack.yaml` are rendered, to where they live, else those that the source
 * has a folder for.
 *
 * @throws Error naming the input that is missing or malformed
 */
export async function readInputs(checkout: Checkout): Promise<Inputs> {
  const token = secretInput('token');
  const known = readLodgings(await readIn(checkout, POLICY_FILE));
  return {
    request: await readRequest(checkout, known),
    destination: readDestination(),
    update: booleanInput('update', false),
    followedOnly: choiceInput('update-scope', ['all', 'environments'], 'all') === 'environments',
    merge: choiceInput('merge', MERGE_CHOICES, 'auto'),
    lodgings: known,
    dryRun: booleanInput('dry-run', false),
    token,
    sourcesToken: secretInput('sources-token') ?? token,
    githubToken: secretInput('github-token') ?? token,
  };
}

/** The repository of an app may have another file of that name, without environments: then it says nothing of them. */
function readLodgings(policy: string | undefined): readonly Lodging[] {
  const isOther =
    policy !== undefined && listInput('environments').length > 0 && !yamlDocument(policy).document.has('environments');
  return isOther ? [] : readPolicy(policy).environments;
}

async function readRequest(checkout: Checkout, known: readonly Lodging[]): Promise<RenderRequest> {
  const given = [...new Set(listInput('environments'))];
  const said = given.length > 0 ? given : known.map(({ name }) => name);
  const { source, names } = await environmentFolders(checkout, textInput('source') ?? '.', said);
  const environments = said.length > 0 ? said : names;
  if (environments.length === 0) {
    throw new Error(
      'Input "environments" is empty, and ostack.yaml names none. Name at least one, for example staging, or say `source: hld/{environment}` where each has a folder.',
    );
  }
  const configurations = listInput('configurations');
  for (const [input, names] of [
    ['environments', environments],
    ['configurations', configurations.map((name) => name.replaceAll('{environment}', 'x'))],
  ] as const) {
    const wrong = names.find((name) => !NAME.test(name));
    if (wrong !== undefined) {
      throw new Error(`Input "${input}" has "${wrong}", expected names of letters, digits, ".", "_" and "-".`);
    }
  }
  return {
    ...{ source, version: textInput('version'), environments },
    ...{ values: listInput('values'), release: textInput('release'), namespace: textInput('namespace') },
    configurations: configurations.length === 0 ? undefined : configurations,
    withDefinitions: booleanInput('crds', false),
    withChartHooks: booleanInput('chart-hooks', false),
    capabilities: readCapabilities(),
    ignoresHooks: choiceInput('component-hooks', ['refuse', 'ignore'], 'refuse') === 'ignore',
  };
}

/** What each input may have in it: a version of Kubernetes; an API, `monitoring.coreos.com/v1/ServiceMonitor`. */
const CAPABILITIES = {
  'kube-version': /^v?\d+\.\d+(?:\.\d+)?(?:[-+][\w.+-]+)?$/,
  'api-versions': /^[A-Za-z0-9][\w.+/-]*$/,
};

function readCapabilities(): RenderRequest['capabilities'] {
  const [kubeVersion, apiVersions] = [textInput('kube-version'), listInput('api-versions')];
  for (const [input, given] of [
    ['kube-version', kubeVersion === undefined ? [] : [kubeVersion]],
    ['api-versions', apiVersions],
  ] as const) {
    const wrong = given.find((each) => !CAPABILITIES[input].test(each));
    if (wrong !== undefined) {
      const example = input === 'kube-version' ? '1.34' : 'monitoring.coreos.com/v1/ServiceMonitor';
      throw new Error(`Input "${input}" has "${wrong}", expected for example ${example}.`);
    }
  }
  return { kubeVersion, apiVersions };
}

/** Inputs that say something of branches alone. */
const OF_BRANCHES = ['branch', 'folder', 'repository', 'mode', 'edits', 'force'];

function readDestination(): Destination {
  const output = textInput('output');
  if (output !== undefined) {
    const given = ['branch', 'folder', 'repository'].filter((name) => textInput(name) !== undefined);
    if (given.length > 0) {
      throw new Error(
        `Inputs "output" and "${given.join('", "')}" are given. Expected "output" for a folder of the workspace, or those of ${OF_BRANCHES.join(', ')} for branches.`,
      );
    }
    return { output };
  }
  return {
    output,
    ...{ branch: textInput('branch'), folder: textInput('folder') ?? '', repository: textInput('repository') },
    mode: choiceInput('mode', ['commit', 'pull-request'], 'commit'),
    edits: choiceInput('edits', ['restore', 'keep'], 'restore'),
    force: booleanInput('force', false),
  };
}
