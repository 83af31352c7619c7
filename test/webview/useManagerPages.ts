import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/workbench/browser';
import { buildPage, ManagerPage, type OpenOptions } from './managerPage';

/** Gives the tests of a `describe` the page as it is built now, in one browser between them. Each closes what it opens. */
export function useManagerPages(): (options?: OpenOptions) => Promise<ManagerPage> {
  let browser: Browser;
  let files: ReadonlyMap<string, Uint8Array>;
  before(async () => {
    browser = await launchBrowser();
    files = await buildPage();
  });
  after(async () => {
    await browser.close();
  });
  return async (options) => await ManagerPage.open(browser, files, options);
}
