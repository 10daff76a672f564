/** A tarball, and the release that it is of. */
export interface GivenTarball {
  version: string
  file: string
  /** What it must be, as whoever packed it says: hexadecimal. */
  sha256?: string
}
