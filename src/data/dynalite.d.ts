declare module 'dynalite' {
  import type { Server } from 'node:http'

  interface DynaliteOptions {
    /** The folder of the LevelDB; without it everything is in memory. */
    path?: string
    createTableMs?: number
    deleteTableMs?: number
    updateTableMs?: number
  }

  /** An HTTP server that speaks DynamoDB; `close` also closes the database. */
  export default function dynalite(options?: DynaliteOptions): Server
}
