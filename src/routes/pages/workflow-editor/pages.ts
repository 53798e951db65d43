import { Hono } from 'hono'
import type { AppDeps } from '../../deps.ts'
import { actionPages } from './actions.tsx'
import { changePages } from './change.tsx'
import { createPages } from './create.tsx'

/** Where workflows are created, changed, switched on and off, and deleted. */
export const workflowEditorPages = (deps: AppDeps) =>
  new Hono()
    .route('/', createPages(deps))
    .route('/', changePages(deps))
    .route('/', actionPages(deps))
