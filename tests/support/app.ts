import { createApp as createProduct } from '../../src/app.tsx'
import { paths } from '../../src/paths.ts'
import { LOCAL_USER } from '../../src/routes/authenticate.ts'
import type { AppDeps } from '../../src/routes/deps.ts'
import { createContract, type Document } from './contract.ts'

const documentOf = async (app: Pick<ReturnType<typeof createProduct>, 'fetch'>) => {
  const response = await app.fetch(new Request(new URL(paths.api.document, 'http://localhost')))
  return (await response.json()) as Document
}

/** The product's app. An answer that is not one of its own API document is an error. */
export const createApp = (deps: AppDeps) => {
  const app = createProduct(deps)
  const { fetch } = app
  let contract: Promise<ReturnType<typeof createContract>> | undefined
  app.fetch = async (request, ...rest) => {
    const response = await fetch(request, ...rest)
    // A test of the compression compares it with the same answer as it is.
    if (response.headers.has('Content-Encoding')) return response
    contract ??= documentOf(createProduct({ ...deps, access: LOCAL_USER })).then(createContract)
    await (await contract).check(request.method, request.url, response)
    return response
  }
  return app
}
