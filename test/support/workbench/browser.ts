import { chromium, type Browser } from 'playwright-core';

import { findChromium } from '../machineParts';

const quietFlags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A page that Playwright answers in the server's place may not speak to loopback otherwise.
  '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets',
];

/** Starts a headless Chromium. It ends with this process at the latest. @throws Error when the machine has none. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error('No Chromium or Chrome was found. CHROMIUM_EXECUTABLE may say where one is.');
  }
  return await chromium.launch({
    executablePath,
    args: quietFlags,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}
