import { launchBrowser } from './browser.ts'

/** Unpacks the browser once: two test files that did so at the same time would trip over each other. */
export default async () => {
  const browser = await launchBrowser()
  await browser.close()
}
