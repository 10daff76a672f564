/** What `record vacuum` says of a record. */
export interface VacuumedRecord {
  /** The file. */
  record: string
  /** Bytes before and now. */
  before: number
  now: number
  /** Copies from before its schema changed, which are left alone. */
  copies: { file: string; bytes: number }[]
}
