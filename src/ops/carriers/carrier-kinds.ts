import type { CarrierKind } from './carrier.js';
import { applicationSet } from './kinds/application-set.js';
import { argocdChart } from './kinds/argocd-chart.js';
import { argocdImage } from './kinds/argocd-image.js';
import { argocdParameter } from './kinds/argocd-parameter.js';
import { argocdSource } from './kinds/argocd-source.js';
import { chartDependency } from './kinds/chart-dependency.js';
import { chartPatch } from './kinds/chart-patch.js';
import { fluxChart } from './kinds/flux-chart.js';
import { helmImage } from './kinds/helm-image.js';
import { helmfileRelease } from './kinds/helmfile-release.js';
import { imageField } from './kinds/image-field.js';
import { imageText } from './kinds/image-text.js';
import { jsonPatch } from './kinds/json-patch.js';
import { kustomizeChart } from './kinds/kustomize-chart.js';
import { kustomizeImage } from './kinds/kustomize-image.js';
import { ociChart } from './kinds/oci-chart.js';
import { remoteBase } from './kinds/remote-base.js';
import { resourceSet } from './kinds/resource-set.js';

/** All kinds of carriers, one for each file in `kinds/` that recognises a syntax. */
export const CARRIER_KINDS: readonly CarrierKind[] = [
  kustomizeImage,
  imageField,
  imageText,
  jsonPatch,
  remoteBase,
  helmImage,
  argocdImage,
  argocdParameter,
  argocdSource,
  fluxChart,
  ociChart,
  kustomizeChart,
  chartPatch,
  argocdChart,
  applicationSet,
  resourceSet,
  chartDependency,
  helmfileRelease,
];
