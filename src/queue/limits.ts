/** More patches than any queue has: SUSE's kernel has some 21,000. */
export const MAX_ENTRIES = 50_000
/** What is larger is no series, and no patch: in bytes. */
export const MAX_SERIES = 8 << 20
export const MAX_PATCH = 64 << 20
/** What is larger is no source package that is read: in bytes, packed or not. */
export const MAX_PACKAGE = 512 << 20
/** A mailbox of the largest queue: in bytes. */
export const MAX_MAILBOX = 256 << 20
/** What is larger is no resolution of one conflict hunk: in bytes. */
export const MAX_RESOLUTION = 1 << 20
/** How many resolutions of a queue are read, and how many bytes of them. */
export const MAX_RESOLUTIONS = 20_000
export const MAX_RESOLUTIONS_SIZE = 64 << 20
/** What is larger is no file in conflict that git recorded: in bytes. */
export const MAX_RERERE = 16 << 20
