import type { CarrierKind } from './carrier.js';
import { argocdImage } from './kinds/argocd-image.js';
import { argocdParameter } from './kinds/argocd-parameter.js';
import { argocdSource } from './kinds/argocd-source.js';
import { helmImage } from './kinds/helm-image.js';
import { imageField } from './kinds/image-field.js';
import { imageText } from './kinds/image-text.js';
import { jsonPatch } from './kinds/json-patch.js';
import { kustomizeImage } from './kinds/kustomize-image.js';
import { remoteBase } from './kinds/remote-base.js';

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
];
