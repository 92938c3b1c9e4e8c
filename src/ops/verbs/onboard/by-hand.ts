import type { ImageTarget } from '../../carriers/carrier.js';
import { formatReference } from '../../carriers/image-reference.js';
import type { Layout } from '../../overlays/layout.js';
import { overlayOfPath } from '../../overlays/overlay-path.js';
import { toYaml } from '../../yaml/to-yaml.js';
import type { Model } from './file-like.js';
import type { Onboarding } from './onboarding.js';

/** The kind of object that a model is; `undefined` for values. */
function kindOf({ file: { text } }: Model): string | undefined {
  return /^kind: *"?(\w+)/m.exec(text)?.[1];
}

/**
 * What a person adds for an app where nothing tells all of it: the file, and lines with which the app is there at its version.
 *
 * @param folder of the app, or its file
 */
export function linesByHand(app: string, image: ImageTarget, folder: string, models: readonly Model[]) {
  const { repository, tag = '' } = image;
  const values = { image: { repository, tag } };
  const [model] = models;
  const kind = model && kindOf(model);
  const named = { metadata: { name: app } };
  const at = (name: string) => (/\.(ya?ml|json)$/.test(folder) ? folder : `${folder}/${name}`);
  switch (kind) {
    case undefined:
      return { path: at('values.yaml'), lines: toYaml(values), what: 'its settings' };
    case 'HelmRelease': {
      const object = { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind, ...named, spec: { values } };
      return { path: at('release.yaml'), lines: toYaml(object), what: 'its chart and settings' };
    }
    case 'Application': {
      const spec = { source: { helm: { valuesObject: values } } };
      const object = { apiVersion: 'argoproj.io/v1alpha1', kind, ...named, spec };
      return { path: at('application.yaml'), lines: toYaml(object), what: 'its source, destination and settings' };
    }
    default: {
      const containers = [{ name: app, image: formatReference({ ...image, name: repository }) }];
      const object = {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        ...named,
        spec: { template: { spec: { containers } } },
      };
      return { path: at('deployment.yaml'), lines: toYaml(object), what: 'the rest of its manifests' };
    }
  }
}

/** The error where only objects of Flux and Argo CD tell where apps are, so that a new one needs an object too. */
export function toldByObjects({ layout, app, environment }: Onboarding): Error {
  const known = objectIn(layout, environment);
  const example = known === undefined ? '' : ` (${known.object} in ${known.file} deploys ${known.path})`;
  return new Error(
    `The apps of ${environment} are where objects of Flux or Argo CD deploy them from${example}, so where ${app} would be is not known. ` +
      `Add such an object for ${app}, and what it deploys, by hand.`,
  );
}

function objectIn(layout: Layout, environment: string) {
  return (layout.deployedBy ?? []).find(
    ({ path, isSet }) => isSet !== true && path !== '' && overlayOfPath(layout, path)?.environment === environment,
  );
}
