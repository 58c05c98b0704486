import { noticeEndpoints } from '@yiqi/shared/notice/endpoints.ts'
import { type App, serve } from '../kernel/serve.ts'
import { getNotice } from './queries.ts'

export function noticeRoutes(app: App): void {
  serve(app, noticeEndpoints.getNotice, getNotice)
}
