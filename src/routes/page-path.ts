import { z } from 'zod'

/** A page of ours that a form leads on to. What begins with two slashes would be a host. */
export const PagePath = z
  .string()
  .max(2000, { error: 'expected at most 2000 characters' })
  .regex(/^\/(?![/\\])[\u0021-\u007e]*$/, { error: 'expected the path of a page' })
