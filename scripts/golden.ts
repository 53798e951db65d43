/**
 * `npm run golden -- DIR`: runs the golden vectors of a directory (default tests/golden; the format
 * is in its README.md) on the functions that the product itself uses, and says where it differs.
 *
 * Two fields of a vector are not compared. `asset_type` is not computed: the market's instrument
 * look-up gives it, which in a vector is `asset_types` itself. `notification` has no counterpart,
 * as ordertrail posts no chat messages.
 *
 * The exit code is 0, 1 when a case failed, or 2 when the directory cannot be used. A case that
 * differs because a decision of DOMAIN.md says so is a deviation: neither passed nor failed.
 */
import { fileURLToPath } from 'node:url'
import { messageOf } from '../src/domain/errors.ts'
import { reportLines, runVectors } from './golden/run.ts'
import { loadVectors, UnusableDirectory } from './golden/vectors.ts'

const main = async (
  directory = fileURLToPath(new URL('../tests/golden', import.meta.url)),
): Promise<number> => {
  try {
    const report = runVectors(await loadVectors(directory))
    for (const line of reportLines(report)) console.log(line)
    return report.failures.length > 0 ? 1 : 0
  } catch (error) {
    if (!(error instanceof UnusableDirectory)) throw error
    console.error(`golden: ${messageOf(error).replaceAll(/\s*\n\s*/g, ' ')}`)
    return 2
  }
}

process.exitCode = await main(process.argv[2])
