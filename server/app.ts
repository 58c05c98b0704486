import { refusals } from '@yiqi/shared/kernel/refusals.ts'
import { openBusiness, personalData } from './about-person.ts'
import { bookingRoutes } from './booking/routes.ts'
import { catalogueRoutes } from './catalogue/routes.ts'
import { chargingRoutes } from './charging/routes.ts'
import { licencePurpose } from './identity/licence-file.ts'
import { identityRoutes, type LogInPorts } from './identity/routes.ts'
import type { FileStore } from './kernel/file-store.ts'
import { type EdgeOptions, edge } from './kernel/headers.ts'
import { openApi } from './kernel/open-api.ts'
import { type App, newApp, send, type World } from './kernel/serve.ts'
import { serveClient } from './kernel/serve-client.ts'
import { fileRoutes } from './kernel/serve-files.ts'
import { messageRoutes } from './message/routes.ts'
import { noticeRoutes } from './notice/routes.ts'
import { redemptionRoutes } from './redemption/routes.ts'
import { sessionRoutes } from './session/routes.ts'
import { voucherRoutes } from './voucher/routes.ts'

const ownOnly: EdgeOptions = { publicOrigin: null, allowedOrigins: [] }

export type AppOptions = {
  world: World
  ports: LogInPorts
  clientDir: string | null
  ready: () => Promise<boolean>
  origins?: EdgeOptions
  /** Null: no files are taken. */
  files?: FileStore | null
}

/**
 * The whole server as one Hono app: every module's routes, health, the document, and the built
 * client.
 */
export function makeApp({
  world,
  ports,
  clientDir,
  ready,
  origins = ownOnly,
  files = null,
}: AppOptions): App {
  const app = newApp(world)
  app.hono.use('*', edge(origins))
  // The clock has moved when the answer is on its way: everybody's next request sees it.
  app.hono.use('/api/demo/clock', async (c, next) => {
    await next()
    await world.clock.refresh(world.sql)
    c.res.headers.set('x-server-time', world.clock.now().toISOString())
  })
  identityRoutes(app, { ...ports, personalData, openBusiness })
  catalogueRoutes(app)
  chargingRoutes(app)
  noticeRoutes(app)
  voucherRoutes(app)
  bookingRoutes(app)
  sessionRoutes(app)
  redemptionRoutes(app)
  messageRoutes(app)
  if (files !== null) {
    files.registerPurpose(licencePurpose)
    fileRoutes(app, files)
  }
  app.hono.get('/healthz', (c) => c.json({ ok: true }))
  app.hono.get('/readyz', async (c) =>
    (await ready()) ? c.json({ ok: true }) : c.json({ ok: false }, 503),
  )
  const document = JSON.stringify(openApi([...app.served.values()]))
  app.hono.get('/api/openapi.json', (c) =>
    c.body(document, 200, { 'content-type': 'application/json; charset=utf-8' }),
  )
  app.hono.all('/api/*', () => noSuchPath(world))
  if (clientDir !== null) serveClient(app.hono, clientDir)
  return app
}

function noSuchPath(world: World): Response {
  const { status, zh } = refusals['kernel.no_such_path']
  return send(world, '', status, JSON.stringify({ code: 'kernel.no_such_path', message: zh }))
}
