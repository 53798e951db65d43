import { openSecret } from './compose.ts'
import type { Config } from './config.ts'
import { createAccessFile } from './data/access-file.ts'
import { createAccessParameter } from './data/access-parameter.ts'
import type { DynamoClient } from './data/client.ts'
import { createSignedOutSessions } from './data/signed-out-sessions.ts'
import type { Tables } from './data/table-definitions.ts'
import type { Access } from './domain/ports.ts'
import type { AccessControl } from './routes/deps.ts'

const now = () => performance.now()

/** The tokens and session keys of the settings: those of the SSM parameter, else of the data folder. */
export const openAccess = ({
  access: { parameter, file },
  region,
}: Pick<Config, 'access' | 'region'>): Access =>
  parameter === null
    ? createAccessFile(file, now)
    : createAccessParameter({ name: parameter, region, now })

/** What decides who may come in, for an app over these tables. */
export const openAccessControl = (
  config: Pick<Config, 'access' | 'region'>,
  { client, tables }: { client: DynamoClient; tables: Tables },
): AccessControl => {
  const { public_url, is_private, people, provider } = config.access
  return {
    read: openAccess(config).read,
    signedOut: createSignedOutSessions({ client, tables, now }),
    public_url,
    is_private,
    people,
    provider: provider && {
      ...provider,
      client_secret: openSecret(provider.client_secret, config.region),
    },
  }
}
