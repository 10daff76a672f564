/** What git format-patch(1) calls a patch that has no file of its own. */

/** --filename-max-length: of a name at most 64 bytes, ".patch" with them. */
const LONGEST = 64 - '.patch'.length - 1

/** "0003-Fix-the-valve.patch" of the third patch; its subject as format_sanitized_subject has it. */
export function patchNameOf(subject: string, position: number): string {
  const stem = subject
    .slice(0, 200)
    .replace(/[^A-Za-z0-9._]+/g, '-')
    .replace(/\.+/g, '.')
    .replace(/^-+|[.-]+$/g, '')
  return `${`${String(position).padStart(4, '0')}-${stem}`.slice(0, LONGEST)}.patch`
}
