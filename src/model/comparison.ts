/** A changed line, without its line feed. */
export interface ChangedLine {
  sign: '+' | '-'
  text: string
}

/** A changed line of the patch, of the commit, or, where they are alike, of both. */
export interface LinePair {
  left: ChangedLine | null
  right: ChangedLine | null
}

/** One file; a path is null where only the other side changes it. */
export interface FilePair {
  leftPath: string | null
  rightPath: string | null
  pairs: LinePair[]
}

/** A patch, left, beside an upstream commit, right. */
export interface Comparison {
  sha: string
  subject: string
  files: FilePair[]
  /**
   * Changed lines that say something: alike on both sides, only in the patch, only in the commit.
   */
  both: number
  onlyLeft: number
  onlyRight: number
}
