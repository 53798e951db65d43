import { link, mkdir, open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Numbers the temporary files of this process, so that two writers never share one. */
let written = 0

const syncDirectory = async (directory: string): Promise<void> => {
  // Windows cannot open a directory; its file system keeps renames in its own journal.
  if (process.platform === 'win32') return
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes the directory, unless it is there, so that it survives a crash. */
export const makeDirectory = async (directory: string): Promise<void> => {
  const made = await mkdir(directory, { recursive: true })
  if (made !== undefined) await syncDirectory(dirname(made))
}

const writeSynced = async (file: string, text: string, mode: number): Promise<void> => {
  const handle = await open(file, 'w', mode)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Writes a file so that, whatever happens, it holds the old text or the new one, and once this
 * returns the new one for good. Directories that are missing are made. `mode` says who may read it.
 */
export const writeDurably = async (file: string, text: string, mode = 0o666): Promise<void> => {
  const directory = dirname(file)
  await makeDirectory(directory)
  written += 1
  const unfinished = `${file}.${process.pid}.${written}.tmp`
  try {
    await writeSynced(unfinished, text, mode)
    await rename(unfinished, file)
  } catch (error) {
    await unlink(unfinished).catch(() => undefined)
    throw error
  }
  await syncDirectory(directory)
}

/**
 * Gives a file a second name, which then exists for good. False when that name is taken: of all
 * processes that ask for it at the same time, one gets it.
 */
export const linkDurably = async (file: string, name: string): Promise<boolean> => {
  const directory = dirname(name)
  await makeDirectory(directory)
  try {
    await link(file, name)
  } catch (error) {
    if (hasErrorCode(error, 'EEXIST')) return false
    throw error
  }
  await syncDirectory(directory)
  return true
}

const hasErrorCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

/** True when something failed because the file or directory does not exist. */
export const isMissing = (error: unknown): boolean => hasErrorCode(error, 'ENOENT')

/** For `catch`: something that does not exist is this instead. */
export const missingAs =
  <T>(fallback: T) =>
  (error: unknown): T => {
    if (isMissing(error)) return fallback
    throw error
  }
