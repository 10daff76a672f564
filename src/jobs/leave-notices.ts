/** Leaves what a scan has to tell beside its portfolio, for other programs to send on. */
import { dirname } from 'node:path'
import { leaveNotice, type Notice } from '../workspace/notices.ts'

export type { Notice } from '../workspace/notices.ts'

/** `portfolio`: an absolute path. @throws UserError where one may not be written there. */
export function leaveNotices(portfolio: string, notices: readonly Notice[]): void {
  for (const notice of notices) leaveNotice(dirname(portfolio), notice)
}
