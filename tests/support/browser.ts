import { accessSync, constants } from 'node:fs'
import chromiumPackage from '@sparticuz/chromium'
import { chromium, type Browser } from 'playwright-core'

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** The browser talks to the page under test and to nobody else. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  '--no-sandbox',
]

/**
 * Flags of the package for the cramped machines it is made for. The first two would hide what these
 * tests look for; with one process for all, the first closed context takes the browser with it.
 */
const UNWANTED = ['--disable-web-security', '--allow-running-insecure-content', '--single-process']

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Starts a real Chromium: one on this machine, else the one that ships in an npm package. */
export const launchBrowser = async (): Promise<Browser> => {
  const installed = INSTALLED.find(isExecutable)
  if (installed) return chromium.launch({ executablePath: installed, args: QUIET })
  const args = chromiumPackage.args.filter((flag) => !UNWANTED.includes(flag))
  return chromium.launch({
    executablePath: await chromiumPackage.executablePath(),
    args: [...args, ...QUIET],
  })
}
