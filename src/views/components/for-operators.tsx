import { useContext, type Child, type PropsWithChildren } from 'hono/jsx'
import { MayChange } from '../viewer.ts'

/** What a viewer may not use is not shown to them. Whether it is done the server decides. */
export const ForOperators = ({ children }: PropsWithChildren): Child =>
  useContext(MayChange) ? children : null
