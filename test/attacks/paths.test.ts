import { attack as addsABaseOfNobody } from './paths/adds-a-base-of-nobody.js';
import { attack as changesWhoOwnsCode } from './paths/changes-who-owns-code.js';
import { attack as editsASharedBase } from './paths/edits-a-shared-base.js';
import { attack as editsTheCheck } from './paths/edits-the-check.js';
import { attack as entersANamespaceOfProduction } from './paths/enters-a-namespace-of-production.js';
import { attack as freesItsOwnPath } from './paths/frees-its-own-path.js';
import { attack as hidesAPreviewRecord } from './paths/hides-a-preview-record.js';
import { attack as hidesAVersionBehindAnEndOfLine } from './paths/hides-a-version-behind-an-end-of-line.js';
import { attack as hostsPreviewsInProduction } from './paths/hosts-previews-in-production.js';
import { attack as keepsItsPreviewSettingsInProduction } from './paths/keeps-its-preview-settings-in-production.js';
import { attack as leadsOutByALink } from './paths/leads-out-by-a-link.js';
import { attack as renamesTheEnvironment } from './paths/renames-the-environment.js';
import { attack as rewritesThePolicyBesideAVersion } from './paths/rewrites-the-policy-beside-a-version.js';
import { attack as takesABaseOfABranch } from './paths/takes-a-base-of-a-branch.js';
import { attack as writesAFieldInOtherLetters } from './paths/writes-a-field-in-other-letters.js';
import { PLAIN } from './support/plain.js';
import { tryAll } from './support/proposals.js';

tryAll('paths', PLAIN, {
  'adds-a-base-of-nobody': addsABaseOfNobody,
  'changes-who-owns-code': changesWhoOwnsCode,
  'edits-a-shared-base': editsASharedBase,
  'edits-the-check': editsTheCheck,
  'enters-a-namespace-of-production': entersANamespaceOfProduction,
  'frees-its-own-path': freesItsOwnPath,
  'hides-a-preview-record': hidesAPreviewRecord,
  'hides-a-version-behind-an-end-of-line': hidesAVersionBehindAnEndOfLine,
  'hosts-previews-in-production': hostsPreviewsInProduction,
  'leads-out-by-a-link': leadsOutByALink,
  'renames-the-environment': renamesTheEnvironment,
  'rewrites-the-policy-beside-a-version': rewritesThePolicyBesideAVersion,
  'takes-a-base-of-a-branch': takesABaseOfABranch,
  'writes-a-field-in-other-letters': writesAFieldInOtherLetters,
  'keeps-its-preview-settings-in-production': keepsItsPreviewSettingsInProduction,
});
