/** More patches than any queue has. */
export const MAX_ENTRIES = 20_000
/** What is larger is no series, and no patch: in bytes. */
export const MAX_SERIES = 8 << 20
export const MAX_PATCH = 64 << 20
/** A mailbox of the largest queue: in bytes. */
export const MAX_MAILBOX = 256 << 20
