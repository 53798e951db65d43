interface Changes {
  set?: Record<string, unknown>
  /** Set only where the item has no such attribute. */
  setOnce?: Record<string, unknown>
  /** Numbers to count up from 0. */
  increase?: readonly string[]
  remove?: readonly string[]
}

/**
 * The three parts of an UpdateItem request that make these changes. Every attribute name goes through
 * a placeholder, as many of ours (`state`, `ttl`, `order`) are reserved words; `names` and `values`
 * are those of the condition beside it.
 */
export const updateExpression = (
  { set = {}, setOnce = {}, increase = [], remove = [] }: Changes,
  names: Record<string, string> = {},
  values: Record<string, unknown> = {},
) => {
  const assignments = [
    ...Object.keys(set).map((key) => `#${key} = :${key}`),
    ...Object.keys(setOnce).map((key) => `#${key} = if_not_exists(#${key}, :${key})`),
    ...increase.map((key) => `#${key} = if_not_exists(#${key}, :zero) + :one`),
  ]
  const removals = remove.map((key) => `#${key}`)
  const touched = [...Object.keys(set), ...Object.keys(setOnce), ...increase, ...remove]
  const assigned: Record<string, unknown> = {}
  for (const [key, value] of Object.entries({ ...set, ...setOnce })) assigned[`:${key}`] = value
  return {
    UpdateExpression: [
      ...(assignments.length > 0 ? [`SET ${assignments.join(', ')}`] : []),
      ...(removals.length > 0 ? [`REMOVE ${removals.join(', ')}`] : []),
    ].join(' '),
    ExpressionAttributeNames: {
      ...Object.fromEntries(touched.map((key) => [`#${key}`, key])),
      ...names,
    },
    ExpressionAttributeValues: {
      ...assigned,
      ...(increase.length > 0 ? { ':zero': 0, ':one': 1 } : {}),
      ...values,
    },
  }
}
