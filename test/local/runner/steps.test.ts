import { describe, expect, test } from '@jest/globals';
import { runWorkflow } from './support.js';

describe('a step that runs a script', () => {
  test('gives outputs, variables, paths and a summary to what follows', async () => {
    const { run, log } = await runWorkflow(`
on: workflow_dispatch
env: { GREETING: hello }
jobs:
  a:
    runs-on: ubuntu-latest
    outputs: { said: "\${{ steps.say.outputs.said }}" }
    steps:
      - id: say
        env: { NAME: world }
        run: |
          echo "said=$GREETING $NAME" >> "$GITHUB_OUTPUT"
          echo "LATER=yes" >> "$GITHUB_ENV"
          mkdir -p "$RUNNER_TEMP/bin"; printf '#!/bin/sh\\necho tool ran\\n' > "$RUNNER_TEMP/bin/tool"; chmod +x "$RUNNER_TEMP/bin/tool"
          echo "$RUNNER_TEMP/bin" >> "$GITHUB_PATH"
          echo '# Summary' >> "$GITHUB_STEP_SUMMARY"
      - run: |
          echo "later is $LATER"
          tool
      - run: echo 'indented \${{ env.GREETING }}'
`);
    expect(run.jobs[0]).toMatchObject({
      conclusion: 'success',
      outputs: { said: 'hello world' },
      summary: '# Summary\n',
    });
    expect(log).toEqual(expect.arrayContaining(['later is yes', 'tool ran', 'indented hello']));
  });
});
