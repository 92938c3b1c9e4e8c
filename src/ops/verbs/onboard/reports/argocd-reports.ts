import { mapAt, nameOf, valueAt } from '../../../reconcilers/fields.js';
import { editYaml } from '../../../yaml/edit.js';
import type { AddEdit, Added } from '../../../yaml/edits.js';
import { toYaml } from '../../../yaml/to-yaml.js';
import { type MapValue, textAt } from '../../../yaml/values.js';
import { objectsBeside } from './folder-objects.js';
import { nothing, type Reporting, type Written } from './reporting.js';

/** By this annotation an Application is told of by the trigger of that name, by the service of that name. */
const SUBSCRIPTION = 'notifications.argoproj.io/subscribe.ops-status.github';
const SUBSCRIBED = /^notifications\.argoproj\.io\/subscribe\..+\.github$/;

const CONFIG = 'argocd-notifications-cm';

/** Folders besides those of the Applications in which Argo CD's own settings are by custom. */
const HOMES = ['argocd/x', 'argo-cd/x', 'bootstrap/x'];

/**
 * The annotation by which each Application of an environment is subscribed, and templates and the trigger in the settings of Argo CD's
 * notifications. What is there stays as it is. The service has ids that nobody here knows: its lines are told.
 *
 * @throws what a failed request throws
 */
export async function argocdReports({ tree, objects }: Reporting): Promise<Written> {
  const own = objects.filter(({ object }) => object.startsWith('Application'));
  const written = nothing();
  if (own.length === 0) {
    return written;
  }
  const folders = await objectsBeside(tree, [...own.map(({ file }) => file), ...HOMES]);
  const files = folders.flatMap((folder) => folder.files);
  for (const { path, text, objects: inFile } of files) {
    const named = own.filter(({ file }) => file === path).map(({ object }) => object);
    const edits = inFile.flatMap((object, document) =>
      named.includes(`${textAt(object, 'kind')}/${nameOf(object)}`) ? subscriptionOf(object, document) : [],
    );
    change(written, path, text, edits, `Subscribe ${named.join(' and ')} in ${path}:`);
  }
  const config = files.find(({ objects: inFile }) => inFile.some(isConfig));
  if (config === undefined) {
    written.advice.push({
      what: `Add to the ConfigMap ${CONFIG}, which is not where it was looked for:`,
      lines: toYaml({ ...SERVICE, ...SETTINGS }),
    });
    return written;
  }
  const document = config.objects.findIndex(isConfig);
  const data = mapAt(config.objects[document] ?? emptyMap(), 'data');
  const missing = Object.entries(SETTINGS).filter(([key]) => data?.entries.has(key) !== true);
  const edits: AddEdit[] =
    data === undefined
      ? [{ path: ['data'], document, add: Object.fromEntries(missing) }]
      : missing.map(([key, value]) => ({ path: ['data', key], document, add: value }));
  change(written, config.path, config.text, edits, `Add to "data" of ${CONFIG} in ${config.path}:`);
  if (data?.entries.has('service.github') !== true) {
    written.open.push({
      what: `Add the App that posts to "data" of ${CONFIG} in ${config.path}, with its ids:`,
      lines: toYaml(SERVICE),
    });
  }
  return written;
}

function emptyMap(): MapValue {
  return { kind: 'map', line: 0, entries: new Map() };
}

function isConfig(object: MapValue): boolean {
  return textAt(object, 'kind') === 'ConfigMap' && nameOf(object) === CONFIG;
}

/** Changes a file where that is possible, and tells the lines where it is not. */
function change(written: Written, path: string, text: string, edits: readonly AddEdit[], what: string): void {
  if (edits.length === 0) {
    return;
  }
  try {
    // One after the other: each says where it goes in the text before it.
    const changed = edits.reduce((result, edit) => editYaml(result, [edit], path), written.files.get(path) ?? text);
    written.files.set(path, changed);
    written.before.set(path, text);
  } catch {
    const lines = edits.map(({ path: at, add }) => toYaml(nested(at.map(String), add)));
    written.open.push({ what, lines: [...new Set(lines)].join('') });
  }
}

function nested(path: readonly string[], value: Added): unknown {
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
}

/** What subscribes an Application, or those that an ApplicationSet makes; nothing where they are. */
function subscriptionOf(object: MapValue, document: number): AddEdit[] {
  const above = textAt(object, 'kind') === 'ApplicationSet' ? ['spec', 'template', 'metadata'] : ['metadata'];
  const annotations = valueAt(object, [...above, 'annotations']);
  const keys = annotations?.kind === 'map' ? [...annotations.entries.keys()] : [];
  if (keys.some((key) => SUBSCRIBED.test(key))) {
    return [];
  }
  return [
    keys.length === 0
      ? { path: [...above, 'annotations'], document, add: { [SUBSCRIPTION]: '' } }
      : { path: [...above, 'annotations', SUBSCRIPTION], document, add: '' },
  ];
}

const LABEL = 'continuous-delivery/{{.app.metadata.name}}';
const TARGET = '{{.context.argocdUrl}}/applications/{{.app.metadata.name}}';
const status = (message: string, state: string) =>
  toYaml({ message, github: { status: { state, label: LABEL, targetURL: TARGET } } });
const when = (condition: string, template: string) => ({
  when: `app.status.operationState != nil and ${condition}`,
  send: [template],
});

const SERVICE = {
  'service.github':
    'appID: <id of the App>\ninstallationID: <id of its installation>\nprivateKey: $github-privateKey\n',
};

/** @see https://argo-cd.readthedocs.io/en/stable/operator-manual/notifications/services/github/ */
const SETTINGS: Record<string, string> = {
  'template.ops-live': status('Healthy', 'success'),
  'template.ops-running': status('Syncing', 'pending'),
  'template.ops-failed': status('Failed', 'failure'),
  'trigger.ops-status': toYaml([
    when("app.status.operationState.phase in ['Succeeded'] and app.status.health.status == 'Healthy'", 'ops-live'),
    when("app.status.operationState.phase in ['Running']", 'ops-running'),
    when(
      "(app.status.operationState.phase in ['Error', 'Failed'] or app.status.health.status == 'Degraded')",
      'ops-failed',
    ),
  ]),
};
