// Stands in for the native part of the Lambda runtime client, a blocking HTTP client that would be
// built with cmake at its installation: `node --require` this before it.
const Module = require('node:module')

const invocation = `http://${process.env['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation`

/** The runtime does not wait for its answer to arrive, and asks for the next event at once. */
let posted = Promise.resolve()
const post = (url, body, headers) => {
  posted = fetch(url, { method: 'POST', body, headers }).then((answer) => answer.arrayBuffer())
}

const standIn = {
  next: async () => {
    await posted
    const answer = await fetch(`${invocation}/next`)
    return { bodyJson: await answer.text(), headers: Object.fromEntries(answer.headers) }
  },
  done: (id, body) => post(`${invocation}/${id}/response`, body),
  error: (id, body, xray) =>
    post(`${invocation}/${id}/error`, body, { 'Lambda-Runtime-Function-XRay-Error-Cause': xray }),
}

const load = Module._load
Module._load = (request, ...others) =>
  request === './rapid-client.node' ? standIn : load(request, ...others)
