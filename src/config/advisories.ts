/** Reads a local list of advisories: OSV or CVE JSON files, or Xen's xsa.json. Nothing is fetched. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { UserError } from '../errors.ts'
import type { AdvisoryList, ListedAdvisory } from '../model/advisories.ts'

/** No advisory is longer. */
const MAX_BYTES = 64 << 20
/** A list of all CVE records has some 300,000 files. */
const MAX_FILES = 1_000_000
const MAX_DEPTH = 8

/** @throws UserError where nothing is there. */
export function readAdvisories(path: string): AdvisoryList {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (!stat?.isFile() && !stat?.isDirectory())
    throw new UserError(
      `no list of advisories: ${path}`,
      'name a JSON file (OSV, CVE 5, xsa.json), or a folder of them',
    )
  const list: AdvisoryList = { advisories: [], problems: [] }
  for (const file of stat.isFile() ? [path] : jsonFilesIn(path)) {
    try {
      list.advisories.push(...advisoriesIn(file))
    } catch (error) {
      if (!(error instanceof Error)) throw error
      list.problems.push({ file, why: error.message })
    }
  }
  return list
}

/** In the order of their names; links are not followed. */
function jsonFilesIn(top: string): string[] {
  const files: string[] = []
  const pending = [{ directory: top, depth: 0 }]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const entry of readdirSync(next.directory, { withFileTypes: true })) {
      const path = join(next.directory, entry.name)
      if (entry.isFile() && entry.name.endsWith('.json')) files.push(path)
      if (entry.isDirectory() && next.depth < MAX_DEPTH) pending.push({ directory: path, depth: next.depth + 1 })
    }
    if (files.length > MAX_FILES)
      throw new UserError(`${top} has more than ${MAX_FILES} files`, 'name the folder of one project')
  }
  return files.sort()
}

/** @throws Error in the words for a person. */
function advisoriesIn(file: string): ListedAdvisory[] {
  const { size } = lstatSync(file)
  if (size > MAX_BYTES) throw new Error(`it has ${size} bytes, and more than ${MAX_BYTES} are not read`)
  const document = parse(readFileSync(file, 'utf8'))
  const found = toAdvisories(document)
  if (found === null) throw new Error('it is JSON, but no OSV or CVE record and no xsa.json')
  return found
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('it is no JSON')
  }
}

/** Null where it is none of the forms. */
function toAdvisories(document: unknown): ListedAdvisory[] | null {
  for (const read of [osv, cve, xsas]) {
    const found = read(document)
    if (found) return found
  }
  if (!Array.isArray(document) || document.length === 0) return null
  const parts = document.map(toAdvisories)
  return parts.every((part) => part !== null) ? parts.flat() : null
}

const list = <Item extends v.GenericSchema>(item: Item) => v.optional(v.array(item), [])

/** ossf.github.io/osv-schema: ranges of type GIT name the commits that fix. */
const OSV = v.object({
  id: v.string(),
  modified: v.optional(v.string()),
  withdrawn: v.optional(v.string()),
  aliases: list(v.string()),
  affected: v.array(
    v.object({
      ranges: list(v.object({ type: v.string(), events: list(v.object({ fixed: v.optional(v.string()) })) })),
    }),
  ),
  references: list(v.object({ type: v.optional(v.string()), url: v.string() })),
})

function osv(document: unknown): ListedAdvisory[] | null {
  const { success, output } = v.safeParse(OSV, document)
  if (!success) return null
  const events = output.affected.flatMap(({ ranges }) => ranges.filter(({ type }) => type === 'GIT'))
  const fixed = events.flatMap((range) => range.events.flatMap((event) => event.fixed ?? []))
  const referred = output.references.filter(({ type }) => type === 'FIX').flatMap(({ url }) => commitIn(url))
  return [
    {
      ...{ id: output.id, aliases: output.aliases, isWithdrawn: output.withdrawn !== undefined },
      commits: shas(fixed.length > 0 ? fixed : referred),
    },
  ]
}

/** github.com/CVEProject/cve-schema, version 5: a version of type git ends at the commit that fixes. */
const CVE = v.object({
  dataType: v.literal('CVE_RECORD'),
  cveMetadata: v.object({ cveId: v.string(), state: v.optional(v.string()) }),
  containers: v.object({
    cna: v.object({
      affected: list(
        v.object({
          versions: list(
            v.object({
              versionType: v.optional(v.string()),
              lessThan: v.optional(v.string()),
              status: v.optional(v.string()),
            }),
          ),
        }),
      ),
      references: list(v.object({ url: v.string(), tags: list(v.string()) })),
    }),
  }),
})

function cve(document: unknown): ListedAdvisory[] | null {
  const { success, output } = v.safeParse(CVE, document)
  if (!success) return null
  const { affected, references } = output.containers.cna
  const versions = affected.flatMap((one) => one.versions)
  const fixed = versions.flatMap(({ versionType, lessThan, status }) =>
    versionType === 'git' && status === 'affected' ? (lessThan ?? []) : [],
  )
  const referred = references.filter(({ tags }) => tags.includes('patch')).flatMap(({ url }) => commitIn(url))
  const { cveId, state } = output.cveMetadata
  return [
    { id: cveId, aliases: [], commits: shas(fixed.length > 0 ? fixed : referred), isWithdrawn: state === 'REJECTED' },
  ]
}

/** xenbits.xen.org/xsa/xsa.json: which CVE an XSA is; it names no commits. */
const XSAS = v.object({
  xsas: v.array(v.object({ xsa: v.union([v.string(), v.number()]), cve: list(v.string()) })),
})

function xsas(document: unknown): ListedAdvisory[] | null {
  const { success, output } = v.safeParse(XSAS, document)
  if (!success) return null
  return output.xsas.map(({ xsa, cve: aliases }) => {
    return { id: `XSA-${xsa}`.replace('XSA-XSA-', 'XSA-'), aliases, commits: [], isWithdrawn: false }
  })
}

/** The commit that an address names: cgit, gitweb, GitHub, GitLab. */
function commitIn(url: string): string[] {
  const sha = /(?:\/commit\/(?:\?id=)?|[?&;](?:id|h)=)([0-9a-f]{7,40})\b/i.exec(url)?.[1]
  return sha === undefined ? [] : [sha]
}

function shas(values: readonly string[]): string[] {
  return [...new Set(values.filter((value) => /^[0-9a-f]{7,64}$/i.test(value)).map((value) => value.toLowerCase()))]
}
