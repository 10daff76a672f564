/** Files that are made for a tarball, and are in no repository. Pure. */
import type { ByteString } from '../model/bytes.ts'

/** What the autotools, gettext and their like write; any other may be of a submodule, or the packager's. */
const GENERATED =
  /(?:^|\/)(?:configure|aclocal\.m4|config\.(?:guess|sub|rpath|h\.in)|ltmain\.sh|compile|depcomp|install-sh|missing|mkinstalldirs|mdate-sh|py-compile|test-driver|ylwrap|Makefile\.in(?:\.in)?|INSTALL|ChangeLog)$|(?:^|\/)m4\/[^/]+\.m4$|\.(?:pot|gmo|info|[1-9])$/

/** Whether a file of this name that git does not have was made from one that it has. */
export function isGenerated(path: ByteString): boolean {
  return GENERATED.test(path)
}
