import * as v from 'valibot';
import { connect } from '../../github/client.js';
import { parseRepository, readContext } from '../../github/context.js';
import { type RunEvent, readEvent } from '../../github/event.js';
import { type PreviewRequest, requestSchema } from '../../ops/verbs/previews/ask/request-record.js';
import { runPreviews } from '../../ops/verbs/previews/run/run-previews.js';
import { writePreviewReport } from '../../ops/verbs/previews/run/write-report.js';
import { refusal } from '../../ops/verbs/previews/serve/read-request.js';
import { serveAll } from '../../ops/verbs/previews/serve/serve-all.js';
import { serveRequest } from '../../ops/verbs/previews/serve/serve-request.js';
import type { Serving } from '../../ops/verbs/previews/serve/serving.js';
import { runEntry } from '../../runtime/entry.js';
import { readInputs } from './inputs.js';

export const main = () =>
  runEntry(async () => {
    const inputs = readInputs();
    const context = readContext();
    const serving: Serving = {
      ops: {
        github: connect({ token: inputs.token }),
        repository: parseRepository(context.repository, 'GITHUB_REPOSITORY'),
      },
      appsGitHub: connect({ token: inputs.appsToken }),
      ...{ context, forkLabel: inputs.forkLabel, dryRun: inputs.dryRun },
    };
    const request = requestOf(await readEvent());
    const run = request === undefined ? await serveAll(serving) : serveRequest(serving, request);
    await writePreviewReport(run, await runPreviews(run));
  });

/** What was dispatched, `undefined` for any other event. @throws Error for people where it is no request */
function requestOf({ name, payload }: RunEvent): PreviewRequest | undefined {
  if (name !== 'repository_dispatch') {
    return undefined;
  }
  const parsed = v.safeParse(v.object({ client_payload: requestSchema }), payload);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw refusal(`its payload does not fit at ${v.getDotPath(issue) ?? 'client_payload'}: ${issue.message}.`);
  }
  return parsed.output.client_payload;
}
