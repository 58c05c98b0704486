import { messageEndpoints } from '@yiqi/shared/message/endpoints.ts'
import { type App, serve } from '../kernel/serve.ts'
import { markInboxRead } from './mark-inbox-read.ts'
import { markThreadRead } from './mark-thread-read.ts'
import { getThread, getUnread, listInbox } from './queries.ts'
import { sendMessage } from './send-message.ts'

export function messageRoutes(app: App): void {
  serve(app, messageEndpoints.getThread, getThread)
  serve(app, messageEndpoints.sendMessage, sendMessage)
  serve(app, messageEndpoints.markThreadRead, markThreadRead)
  serve(app, messageEndpoints.listInbox, listInbox)
  serve(app, messageEndpoints.getUnread, getUnread)
  serve(app, messageEndpoints.markInboxRead, markInboxRead)
}
