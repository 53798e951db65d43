import { mkdir, open, rename, unlink } from 'node:fs/promises'
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
const makeDirectory = async (directory: string): Promise<void> => {
  const made = await mkdir(directory, { recursive: true })
  if (made !== undefined) await syncDirectory(dirname(made))
}

/**
 * Writes a file so that, whatever happens, it holds the old text or the new one, and once this
 * returns the new one for good. Directories that are missing are made.
 */
export const writeDurably = async (file: string, text: string): Promise<void> => {
  const directory = dirname(file)
  await makeDirectory(directory)
  written += 1
  const unfinished = `${file}.${process.pid}.${written}.tmp`
  try {
    const handle = await open(unfinished, 'w')
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(unfinished, file)
  } catch (error) {
    await unlink(unfinished).catch(() => undefined)
    throw error
  }
  await syncDirectory(directory)
}

/** True when something failed because the file or directory does not exist. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'
