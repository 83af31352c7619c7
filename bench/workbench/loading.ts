import path from 'node:path';
import type { BenchServer } from '../servers/start';
import type { BenchWindow } from './benchWindow';
import { inventoryDescriptions, inventoryRows, msUntilShown } from './shown';
import type { Felt } from './stopwatch';

/** How an inventory came into the window. */
export interface Loading extends Felt {
  /** Until the first row below the server. */
  readonly firstRowMs: number;
  /** Until the server says that everything has been read. */
  readonly completeMs: number;
}

const pictureEveryMs = 400;

/** Adds a server as a person does, and follows it until everything has been read. @param pictures - folder for a series */
export async function load(
  window: BenchWindow,
  server: BenchServer,
  vms: number,
  pictures: string | undefined,
): Promise<Loading> {
  const { workbench, stopwatch } = window;
  await answerQuestions(window, server);
  await stopwatch.rest();
  await stopwatch.begin();
  const stop = new AbortController();
  const series = pictures === undefined ? Promise.resolve() : takePictures(window, pictures, stop.signal);
  const accepted = workbench.quickInput.accept.bind(workbench.quickInput);
  const complete = msUntilShown(
    workbench.page,
    // Without dots behind it, which stand there while more is expected.
    { in: inventoryDescriptions, text: `${vms.toLocaleString('en')} VMs(?!.*…)` },
    () => Promise.resolve(),
  );
  complete.catch(() => undefined);
  try {
    const firstRowMs = await msUntilShown(workbench.page, { in: inventoryRows, text: '^DC1$' }, accepted);
    const completeMs = await complete;
    await stopwatch.rest();
    return { ...(await stopwatch.felt()), firstRowMs, completeMs };
  } finally {
    stop.abort();
    await series;
  }
}

/** *Add Server* up to the password, which is typed in and not yet accepted. */
async function answerQuestions({ workbench }: BenchWindow, server: BenchServer): Promise<void> {
  const { quickInput, dialog } = workbench;
  await workbench.pressWelcomeButton('Add Server...');
  await quickInput.waitForStep('Add Server (1/3)');
  await quickInput.type(new URL(server.url).host);
  await quickInput.accept();
  await dialog.waitFor(/^Trust the certificate of '/);
  await dialog.press('Trust');
  await quickInput.waitForStep('Add Server (2/3)');
  await quickInput.type(server.user);
  await quickInput.accept();
  await quickInput.waitForStep('Add Server (3/3)');
  await quickInput.type(server.password);
}

async function takePictures({ workbench }: BenchWindow, folder: string, signal: AbortSignal): Promise<void> {
  const startedMs = performance.now();
  while (!signal.aborted) {
    const atMs = Math.round(performance.now() - startedMs);
    await workbench.screenshot(path.join(folder, `loading-${String(atMs).padStart(6, '0')}.png`));
    await new Promise((resolve) => setTimeout(resolve, pictureEveryMs));
  }
}
