/** What may stand in an `id` and in a fragment; names of operations and schemas usually do. */
const plain = (text: string): string => text.replaceAll(/[^\w.-]+/g, '-')

/** The id of an operation on the page is its own id. */
export const operationAnchor = (id: string): string => plain(id)

export const schemaAnchor = (name: string): string => `schema-${plain(name)}`

export const answerAnchor = (name: string): string => `answer-${plain(name)}`

export const headerAnchor = (name: string): string => `header-${plain(name)}`

export const tagAnchor = (name: string): string => `tag-${plain(name)}`

/** The name at the end of a reference: `Order` of `#/components/schemas/Order`. */
export const referredName = ($ref: string): string =>
  ($ref.split('/').at(-1) ?? '').replaceAll('~1', '/').replaceAll('~0', '~')
