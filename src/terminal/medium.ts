/** How wide, how high and how colourful the standard streams want their text. */

const DEFAULT_WIDTH = 80
/** What is piped is searched: nothing is cut off, unless COLUMNS says how wide it is wanted. */
const PIPED_WIDTH = Number.POSITIVE_INFINITY
/** A terminal that does not tell (DEC VT100). */
const DEFAULT_HEIGHT = 24

/** Its rows; null where nobody watches. */
export function heightOf(stream: NodeJS.WriteStream): number | null {
  return stream.isTTY ? stream.rows || DEFAULT_HEIGHT : null
}

/** Its columns. */
export function widthOf(stream: NodeJS.WriteStream): number {
  const columns = stream.columns ?? Number(process.env.COLUMNS)
  if (columns >= 40) return columns
  return stream.isTTY ? DEFAULT_WIDTH : PIPED_WIDTH
}

/**
 * --color, then NO_COLOR (https://no-color.org), then FORCE_COLOR, then whether somebody watches.
 */
export function wantsColor(argv: readonly string[]): boolean {
  const at = argv.findIndex((word) => word === '--color' || word.startsWith('--color='))
  const when = at < 0 ? 'auto' : (argv[at]?.split('=')[1] ?? argv[at + 1])
  if (when === 'always' || when === 'never') return when === 'always'
  if (process.env.NO_COLOR) return false
  if (process.env.FORCE_COLOR) return process.env.FORCE_COLOR !== '0'
  return process.stdout.isTTY === true && process.env.TERM !== 'dumb'
}
