import { beforeEach, inject } from 'vitest'

beforeEach((context) => {
  context.skip(inject('endpoint') === '', 'there is no engine to run on')
})
