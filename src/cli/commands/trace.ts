import { readRunId } from '../../core/runs/run-id.ts';
import { noRun } from '../../core/text/cards/say.ts';
import { installationOf } from '../../program/tracing.ts';
import { traceIdOf } from '../../telemetry/trace/ids.ts';
import { inPhase } from '../../telemetry/trace/phases.ts';
import { replaySpans } from '../../telemetry/trace/replay.ts';
import { treeLines } from '../../telemetry/trace/tree.ts';
import type { CliContext } from '../context.ts';
import { packageVersion } from '../versions.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { oneLine } from '../voice/plain-text.ts';
import { Stop } from '../voice/stop.ts';

/** `textops trace ID`: from the message to the end, without any backend; with --json as a collector would be sent it. */
export const trace = async (
  { voice, configuration, withStore }: CliContext,
  word: string,
): Promise<ExitCode> => {
  const runId = readRunId(word) ?? word.toUpperCase();
  const remembered = await withStore(async (store) => ({
    installation: await installationOf(store),
    history: await store.runs.history(runId),
    sent: await store.reader.sentAbout(runId),
  }));
  if (remembered.history.length === 0) {
    throw new Stop({ code: 'RUN_NOT_FOUND', message: noRun(oneLine(runId)), runId });
  }
  const spans = replaySpans({ runId, ...remembered });
  if (voice.json) {
    // OpenTelemetry is loaded only by whoever needs it.
    const { otlpJson } = await import('../../telemetry/trace/otlp.ts');
    const maker = { version: await packageVersion(), component: 'trace', instance: 'history' };
    const { config } = await configuration();
    const sent = config.catalog.traceMode === 'linked' ? spans.map(inPhase) : spans;
    voice.data(JSON.stringify(otlpJson(sent, { ...maker, redact: (text) => text })));
    return EXIT.done;
  }
  voice.data(`trace ${traceIdOf(remembered.installation, runId)}  run ${runId}`);
  for (const line of treeLines(spans)) voice.data(oneLine(line));
  return EXIT.done;
};
