import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

// What the Pulumi command line talks to its programs by; the package brings it along.
const pulumi = createRequire(import.meta.resolve('@pulumi/pulumi/package.json'))
const grpc = pulumi('@grpc/grpc-js')
const { Empty } = pulumi('google-protobuf/google/protobuf/empty_pb.js')
const { Struct } = pulumi('google-protobuf/google/protobuf/struct_pb.js')
const { ResourceMonitorService } = pulumi('./proto/resource_grpc_pb.js')
const resources = pulumi('./proto/resource_pb.js')
const { EngineService } = pulumi('./proto/engine_grpc_pb.js')
const engine = pulumi('./proto/engine_pb.js')

type Callback = (error: unknown, response?: unknown) => void
type Handler = (request: any) => unknown

/** Every method of the service: those that are given, and a refusal for all others. */
const implement = (service: Record<string, unknown>, handlers: Record<string, Handler>) =>
  Object.fromEntries(
    Object.keys(service).map((method) => [
      method,
      ({ request }: { request: unknown }, callback: Callback) => {
        const handler = handlers[method]
        if (handler) callback(null, handler(request))
        else callback({ code: grpc.status.UNIMPLEMENTED })
      },
    ]),
  )

test("Pulumi's own runner loads the program on Node 24, as Pulumi.yaml says", async () => {
  const project = parse(await readFile('pulumi/Pulumi.yaml', 'utf8'))
  const { name, main, runtime } = project

  const protectedOnes: string[] = []
  const logged: string[] = []
  let outputs: Record<string, unknown> = {}
  const server = new grpc.Server()
  server.addService(
    ResourceMonitorService,
    implement(ResourceMonitorService, {
      supportsFeature: () => {
        const response = new resources.SupportsFeatureResponse()
        response.setHassupport(true)
        return response
      },
      invoke: () => {
        const response = new resources.ResourceInvokeResponse()
        response.setReturn(Struct.fromJavaScript({ accountId: '123456789012' }))
        return response
      },
      registerResource: (request) => {
        if (request.getProtect()) protectedOnes.push(request.getName())
        const response = new resources.RegisterResourceResponse()
        const urn = ['urn:pulumi:prod', name, request.getType(), request.getName()].join('::')
        response.setUrn(urn)
        response.setObject(request.getObject())
        return response
      },
      registerResourceOutputs: (request) => {
        outputs = request.getOutputs().toJavaScript()
        return new Empty()
      },
      signalAndWaitForShutdown: () => new Empty(),
    }),
  )
  server.addService(
    EngineService,
    implement(EngineService, {
      getRootResource: () => new engine.GetRootResourceResponse(),
      setRootResource: () => new engine.SetRootResourceResponse(),
      log: (request) => {
        if (request.getSeverity() > engine.LogSeverity.INFO) logged.push(request.getMessage())
        return new Empty()
      },
    }),
  )
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure()
    server.bindAsync('127.0.0.1:0', credentials, (error: Error | null, bound: number) => {
      if (error) reject(error)
      else resolve(bound)
    })
  })
  using _server = { [Symbol.dispose]: () => server.forceShutdown() }

  const address = `127.0.0.1:${port}`
  const child = spawn(
    process.execPath,
    [
      pulumi.resolve('./cmd/run'),
      `--monitor=${address}`,
      `--engine=${address}`,
      `--project=${name}`,
      '--stack=prod',
      '--pwd=.',
      '--dry-run',
      main,
    ],
    {
      cwd: 'pulumi',
      stdio: 'ignore',
      env: {
        PATH: process.env['PATH'],
        // What the command line makes of the runtime's options and of the stack's settings.
        PULUMI_NODEJS_TYPESCRIPT: String(runtime.options.typescript),
        PULUMI_CONFIG: JSON.stringify({
          [`${name}:brokerUrl`]: 'https://broker.example/v1',
          [`${name}:marketUrl`]: 'https://prices.example/candles',
        }),
      },
    },
  )
  const [code] = await once(child, 'close')

  expect(logged).toEqual([])
  expect(code).toBe(0)
  expect(protectedOnes.sort()).toEqual([
    'order_intents',
    'signed_out_sessions',
    'workflow_orders',
    'workflows',
  ])
  expect(outputs['functionNames']).toEqual({
    engine: 'ordertrail-prod-engine',
    http: 'ordertrail-prod-http',
  })
})
