import * as v from 'valibot';
import { imageSchema } from '../../images/image.js';
import { releaseSchema } from '../../release/release.js';
import { booleanInput, jsonInput, requiredInput, secretInput } from '../../runtime/inputs.js';

/** What this action reads of a row of bump-ops-overlay's output `pull-requests`. */
const pullRequestSchema = v.object({
  environment: v.string(),
  app: v.string(),
  action: v.string(),
  number: v.optional(v.nullable(v.number()), null),
  url: v.optional(v.nullable(v.string()), null),
  reason: v.optional(v.nullable(v.string()), null),
  mergesByItself: v.optional(v.boolean(), false),
});

/** Reads the inputs. @throws Error naming the input that is missing or malformed */
export function readInputs() {
  requiredInput('releases', 'Pass the output "releases" of tag-release.');
  return {
    releases: jsonInput('releases', v.array(releaseSchema)) ?? [],
    images: jsonInput('images', v.array(imageSchema)) ?? [],
    pullRequests: jsonInput('pull-requests', v.array(pullRequestSchema)) ?? [],
    token: secretInput('github-token') ?? '',
    dryRun: booleanInput('dry-run', false),
  };
}

export type Inputs = ReturnType<typeof readInputs>;
