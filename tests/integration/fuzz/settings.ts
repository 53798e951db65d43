/** A whole number of the environment, for a run that is longer or another one. */
export const setting = (name: string, usual: number): number => Number(process.env[name] ?? usual)

/** The same seed sends the same. */
export const SEED = setting('FUZZ_SEED', 20_261_120)
