/** The files that a portfolio wants of what changed. */
import type { Notifications, Scanned } from '../../model/scan.ts'
import { FEED_MARK } from '../atom.ts'
import { CHANGES_MARK, changesToJson } from '../json/scan.ts'
import { changesToFeed } from './feed.ts'
import { changesToMails, MBOX_MARK } from './mails.ts'

/** `at`: milliseconds since 1970. `mark`: how each such file begins. */
export function noticesOf(
  scanned: Scanned,
  wanted: Notifications,
  at: number,
): { path: string; text: string; mark: string }[] {
  const moment = new Date(at).toISOString()
  const { mbox, json, feed } = wanted
  return [
    ...(mbox === null ? [] : [{ path: mbox, text: changesToMails(scanned, wanted, at), mark: MBOX_MARK }]),
    ...(json === null ? [] : [{ path: json, text: changesToJson(scanned, moment), mark: CHANGES_MARK }]),
    ...(feed === null ? [] : [{ path: feed, text: changesToFeed(scanned, moment), mark: FEED_MARK }]),
  ]
}
