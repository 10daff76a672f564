/** What a list of advisories says, apart from what git says. */
export interface ListedAdvisory {
  /** As lists write ids: "XSA-410", "CVE-2022-33746", "GHSA-…". */
  id: string
  aliases: string[]
  /** The commits that fix it, one or more for each branch; as they are written. */
  commits: string[]
  /** Whether it was withdrawn or rejected. */
  isWithdrawn: boolean
}

/** The advisories of a list, and what of it could not be read. */
export interface AdvisoryList {
  advisories: ListedAdvisory[]
  problems: { file: string; why: string }[]
}
