/** What all SARIF 2.1.0 of ours has in common (docs.oasis-open.org/sarif/sarif/v2.1.0). */
import type { Location, Log, ReportingDescriptor, Result } from 'sarif'
import { printJson } from '../json/print.ts'

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'

/** The document, as text. `version`: ours. */
export function toSarif(rules: ReportingDescriptor[], results: Result[], version: string): string {
  const log: Log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'rebaseline', version, rules } }, columnKind: 'unicodeCodePoints', results }],
  }
  return printJson(log)
}

/** `file`: from the top of the repository, "/" between. */
export function locationAt(file: string, line: number): Location {
  // An address of a file may hold any byte (RFC 3986, 2.1).
  const uri = file.split('/').map(encodeURIComponent).join('/')
  return { physicalLocation: { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, region: { startLine: line } } }
}
