/** Advisory ids in texts: which of them a change says it fixes, and which it only names. Pure. */
import { baseName } from '../../model/paths.ts'

/** XSA of Xen, CVE (cve.org, "CVE ID syntax"), GHSA of GitHub; distributions write them in many ways. */
const ID = String.raw`(?<![A-Za-z0-9])(?:XSA[-_ ]?\d{1,5}|CVE[-_ ]?\d{4}[-_]\d{4,}|GHSA(?:-[0-9a-z]{4}){3})(?![0-9A-Za-z])`
const IDS = new RegExp(ID, 'gi')
/** Ids one after the other, as one fix may have several names. */
const LIST = String.raw`[\[(]?${ID}[\])]?(?:(?:\s*(?:[/,;+&]|\band\b|\[|\()\s*){1,3}(?:part of\s+)?${ID}[\])]?)*`
/** What may stand between "this is" and an id, and does not deny it. */
const FILLER = String.raw`(?:(?:an?|the|part|of|to|for|fix|fixes|security|issues?|problems?|bug|hole|vulnerability|assigned|as)\b[\s,:]*){0,8}`
/** What would make the fix itself the thing that is mended. */
const NOT_ITS_FIX = String.raw`(?!['’]?s?\s+(?:fix|fixes|patch|patches|change|changes|regression|fallout|follow|workaround|series|work|mitigation))`
const START = String.raw`(?:^|[.;:!)]\s+|,\s+)`

const SENTENCES = [
  String.raw`${START}(?:this|everything together)\s+(?:(?:patch|commit|change|series)\s+)?(?:(?:is|also|fixes|resolves|addresses|solves|closes|mitigates)\s+){0,2}${FILLER}(${LIST})${NOT_ITS_FIX}`,
  String.raw`${START}(?:part of (?:the|a)\s+)?(?:fix|fixes|fixed|resolves|addresses|closes|mitigates)\s+(?:for\s+)?(?:bugs?\s+#?\d+\s*)?(${LIST})${NOT_ITS_FIX}`,
  // Nothing but the id.
  String.raw`(?:^|[.!?)]\s+)(?:part of\s+)?(${LIST})\.?\s*$`,
].map((rule) => new RegExp(rule, 'gi'))

const TRAILER = new RegExp(
  String.raw`^(?:fixes|resolves|addresses|closes|cve|cves|cve-id|xsa|security|vulnerability|advisory)\s*:\s*(${LIST})\.?$`,
  'i',
)

/** openSUSE, "Patch header": a list of ids and bugs, all of what the patch answers. */
const REFERENCES = /^references\s*:\s*(\S.*)$/i

/** In a subject an id is the fix's where it stands apart from the words, or is what is fixed. */
const SUBJECTS = [
  String.raw`^(?:SECURITY(?: UPDATE)?:\s*)?(${LIST})\s*[:\-–]\s`,
  String.raw`(?:^|[\s:])(\[${ID}(?:\]\s*\[|[\s,/]+)?(?:${ID})?\])`,
  String.raw`(\(${ID}(?:[\s,/&]+(?:and\s+)?${ID})*[^()]{0,40}\))\s*$`,
  String.raw`\bfix(?:es|ed)?\s+(?:for\s+)?(?:security\s+)?(?:vulnerability\s+)?(${LIST})${NOT_ITS_FIX}`,
].map((rule) => new RegExp(rule, 'gi'))
/** libxml2's way: the id, and then a sentence. */
const TITLE = new RegExp(String.raw`^(${ID})\s+(?=[A-Z])`, 'g')
const NOT_A_FIX =
  /(?:^|: )(?:drop|remove|document|list|mention|test)\b|\b(?:revert|regression|fallout|follow(?:ing|s|[- ]?up)|unlike)\b/i

const UNDONE = [
  new RegExp(
    String.raw`${START}(?:this\s+)?(?:partially\s+)?(?:reverts?|undoes|backs out|takes back)\s+${FILLER}(${LIST})`,
    'gi',
  ),
]

/** At most so many characters of a message are looked at. */
export const MAX_TEXT = 1 << 16

/** The ids as they are usually written, each once, in the order of the text. */
export function idsIn(text: string): string[] {
  return [...new Set([...text.matchAll(IDS)].map(([id]) => toUsual(id)))]
}

function toUsual(id: string): string {
  if (/^ghsa/i.test(id)) return `GHSA${id.slice(4).toLowerCase()}`
  const [, kind = '', rest = ''] = /^([a-z]+)[-_ ]?(.*)$/i.exec(id) ?? []
  return `${kind.toUpperCase()}-${rest.replace('_', '-')}`
}

/** The advisories that a change says it fixes; a subject names most only to explain. */
export function fixedIn(subject: string, body: string): string[] {
  const text = body.slice(0, MAX_TEXT)
  const said = NOT_A_FIX.test(subject) ? [] : listed(subject, [...SUBJECTS, TITLE])
  const lines = text.split('\n').map((line) => line.trim())
  const trailers = lines.flatMap((line) => TRAILER.exec(line)?.[1] ?? REFERENCES.exec(line)?.[1] ?? [])
  const found = [...said, ...trailers, ...paragraphsOf(text).flatMap((paragraph) => listed(paragraph, SENTENCES))]
  return [...new Set(found.flatMap(idsIn))]
}

/** The advisories whose fix a change says it takes back. */
export function undoneIn(subject: string, body: string): string[] {
  const text = body.slice(0, MAX_TEXT)
  return [...new Set([subject, ...paragraphsOf(text)].flatMap((part) => listed(part, UNDONE)).flatMap(idsIn))]
}

/** Names of files say what a patch is, unless they say that it is about another one. */
const NAMED_OTHERWISE = /revert|undo|follow|regression|fallout|after|post|pre(?:p|-)|like|unlike/i

/** The advisories that a patch's file name says it fixes: "xsa410-4.16-1.patch". */
export function fixedByName(name: string): string[] {
  const own = baseName(name)
  return NAMED_OTHERWISE.test(own) ? [] : idsIn(own)
}

/** The text, paragraph by paragraph, each on one line. */
export function paragraphsOf(text: string): string[] {
  return text.split(/\n[ \t]*(?:\n|$)/).map((paragraph) => paragraph.replace(/\s+/g, ' ').trim())
}

function listed(text: string, rules: readonly RegExp[]): string[] {
  return rules.flatMap((rule) => [...text.matchAll(rule)].flatMap(([, ids]) => ids ?? []))
}
