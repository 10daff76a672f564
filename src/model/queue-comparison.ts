/** Two queues, patch against patch. Patches are called by their names. */
export interface QueueComparison {
  /** The same changed lines, whatever name, header and context. */
  same: [here: string, there: string][]
  /** The same aim in other lines, and how they differ. */
  differ: [here: string, there: string, how: string][]
  /** One patch of the one side that is several of the other. */
  split: [here: string | string[], there: string | string[]][]
  onlyHere: string[]
  onlyThere: string[]
  /** Only here, because the other queue's base has it: no lack. */
  inBaseThere: string[]
  inBaseHere: string[]
}
