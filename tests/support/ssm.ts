import { serve } from '@hono/node-server'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Hono } from 'hono'
import { z } from 'zod'

const DescribeParameters = z.object({
  ParameterFilters: z.tuple([z.object({ Key: z.literal('Name'), Values: z.tuple([z.string()]) })]),
})
const GetParameter = z.object({ Name: z.string(), WithDecryption: z.boolean().default(false) })
/** What encrypts a parameter whose key nobody has named, whatever key it had before. */
const DEFAULT_KEY = 'alias/aws/ssm'
const PutParameter = z.object({
  Name: z.string(),
  Value: z.string(),
  Type: z.literal('SecureString').optional(),
  KeyId: z.string().default(DEFAULT_KEY),
  Overwrite: z.boolean().default(false),
})

/** A store of SecureStrings on loopback that speaks the protocol of SSM, for AWS_ENDPOINT_URL_SSM. */
export const startParameterStore = async () => {
  const parameters = new Map<string, { value: string; version: number; key: string }>()
  const reads: string[] = []
  let isDown = false

  const put = (name: string, value: string, key = DEFAULT_KEY): number => {
    const version = (parameters.get(name)?.version ?? 0) + 1
    parameters.set(name, { value, version, key })
    return version
  }

  const app = new Hono().post('/', async (c) => {
    const answer = (body: object, status: 200 | 400 | 500 = 200) =>
      c.body(JSON.stringify(body), status, { 'Content-Type': 'application/x-amz-json-1.1' })
    const refuse = (name: string, status: 400 | 500 = 400) => answer({ __type: name }, status)
    if (isDown) return refuse('InternalServerError', 500)
    const input: unknown = await c.req.json()
    switch (c.req.header('X-Amz-Target') ?? '') {
      case 'AmazonSSM.GetParameter': {
        const { Name, WithDecryption } = GetParameter.parse(input)
        reads.push(Name)
        const found = parameters.get(Name)
        if (!found) return refuse('ParameterNotFound')
        const Value = WithDecryption ? found.value : 'encrypted'
        return answer({ Parameter: { Name, Type: 'SecureString', Value, Version: found.version } })
      }
      case 'AmazonSSM.PutParameter': {
        const { Name, Value, KeyId, Overwrite } = PutParameter.parse(input)
        if (parameters.has(Name) && !Overwrite) return refuse('ParameterAlreadyExists')
        return answer({ Version: put(Name, Value, KeyId), Tier: 'Standard' })
      }
      case 'AmazonSSM.DescribeParameters': {
        const [{ Values }] = DescribeParameters.parse(input).ParameterFilters
        const [Name] = Values
        const found = parameters.get(Name)
        return answer({ Parameters: found ? [{ Name, KeyId: found.key }] : [] })
      }
      default:
        return refuse('UnknownOperationException')
    }
  })
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    put,
    /** The stored text; undefined when there is no such parameter. */
    get: (name: string): string | undefined => parameters.get(name)?.value,
    /** The key that a parameter is encrypted by. */
    keyOf: (name: string): string | undefined => parameters.get(name)?.key,
    /** The names that were read, one for each request. */
    reads,
    /** From now on every request fails, or none does any more. */
    setDown: (down: boolean): void => {
      isDown = down
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close')
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
    },
  }
}
