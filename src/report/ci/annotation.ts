/** Annotations of GitHub Actions (docs.github.com, "Workflow commands"). */
import { forTerminal } from '../sanitize.ts'

export interface Annotation {
  level: 'error' | 'warning' | 'notice'
  /** From the top of the repository, "/" between. */
  file: string
  line: number
  title: string
  message: string
}

export function toAnnotation({ level, file, line, title, message }: Annotation): string {
  return `::${level} file=${property(file)},line=${line},title=${property(title)}::${data(message)}`
}

/** A line feed would end the command, and begin another. */
function data(text: string): string {
  return forTerminal(text).replaceAll('%', '%25')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
